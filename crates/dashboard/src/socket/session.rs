use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use access::{Caller, Scope};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{SinkExt, StreamExt};
use http_service::SocketGuard;
use hub::wire::{BadFrame, ClientFrame, Close, ServerFrame};
use hub::{Delivery, Hub, Viewer};
use hyper_tungstenite::HyperWebsocketStream as WebSocket;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use hyper_tungstenite::tungstenite::{Error, Message};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};

use super::bounds::Rate;
use super::pieces::{self, LARGE};
use super::{Entrance, SampleDoor, SocketBounds};

/// Frames that could not be read before a client is sent away.
const BAD_FRAMES: u32 = 10;
/// Pings without an answer before a client counts as gone.
const UNANSWERED_PINGS: u32 = 2;
/// How long a farewell may take to be written, and then to be answered.
const GOODBYE: Duration = Duration::from_secs(1);

/// One client: reads what it sends and writes what its viewer has for it.
pub(super) struct Session {
    socket: WebSocket,
    viewer: Viewer,
    caller: Caller,
    hub: Arc<Hub>,
    bounds: SocketBounds,
    door: Option<Arc<dyn SampleDoor>>,
    /// The answer to the last sample, while it is being stored: nothing more is read until then.
    answer: Option<BoxFuture<'static, Bytes>>,
    rate: Rate,
    bad_frames: u32,
    pings: Interval,
    unanswered_pings: u32,
}

/// Why a session ends.
enum End {
    /// The client is gone.
    Gone,
    /// The client is sent away.
    Close(Close),
}

impl Session {
    pub(super) fn new(socket: WebSocket, viewer: Viewer, caller: Caller, entrance: Entrance) -> Self {
        let (hub, bounds, door) = entrance.into_parts();
        let mut pings = interval_at(Instant::now() + bounds.ping, bounds.ping);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let rate = Rate::new(bounds.frames_per_second);
        Self {
            socket,
            viewer,
            caller,
            hub,
            bounds,
            door,
            answer: None,
            rate,
            bad_frames: 0,
            pings,
            unanswered_pings: 0,
        }
    }

    /// Runs until one side ends it, the service stops, or the client may no longer.
    pub(super) async fn run(mut self, guard: SocketGuard) {
        let caller = self.caller.clone();
        let end = tokio::select! {
            () = guard.closing() => End::Close(Close::Restart),
            () = caller.ended() => End::Close(Close::NoLongerLetIn),
            end = self.serve() => end,
        };
        if let End::Close(close) = end {
            self.hub.count_close(close);
            // Nothing more is kept for a viewer that is leaving.
            drop(self.viewer);
            say_goodbye(&mut self.socket, close).await;
        }
    }

    async fn serve(&mut self) -> End {
        loop {
            if let Err(end) = self.turn().await {
                return end;
            }
        }
    }

    /// Cancel-safe but for a write: what was begun to be written is written whole, the rest is not.
    async fn turn(&mut self) -> Result<(), End> {
        tokio::select! {
            delivery = self.viewer.next() => self.deliver(delivery).await,
            answer = answered(&mut self.answer) => self.write(vec![answer]).await,
            message = self.socket.next(), if self.answer.is_none() => self.receive(message).await,
            _ = self.pings.tick() => self.ping().await,
        }
    }

    async fn deliver(&mut self, delivery: Delivery) -> Result<(), End> {
        match delivery {
            Delivery::Frames(frames) => self.write(frames).await,
            Delivery::Close(close) => Err(End::Close(close)),
        }
    }

    /// Writes frames that are ready together, together.
    async fn write(&mut self, frames: Vec<Bytes>) -> Result<(), End> {
        let socket = &mut self.socket;
        let writing = async {
            for frame in frames {
                if frame.len() > LARGE {
                    for piece in pieces::of(frame) {
                        socket.feed(piece).await?;
                    }
                } else {
                    socket.feed(pieces::whole(frame)).await?;
                }
            }
            socket.flush().await
        };
        in_time(self.bounds.write, writing).await
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.unanswered_pings == UNANSWERED_PINGS {
            return Err(End::Close(Close::TooSlow));
        }
        self.unanswered_pings += 1;
        in_time(self.bounds.write, self.socket.send(Message::Ping(Bytes::new()))).await
    }

    async fn receive(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        let message = message.ok_or(End::Gone)?.map_err(|error| broken(&error))?;
        // Those that nobody asked for are frames like any other.
        if matches!(message, Message::Pong(_)) && self.unanswered_pings > 0 {
            self.unanswered_pings = 0;
            return Ok(());
        }
        if !self.rate.allows(Instant::now()) {
            return Err(End::Close(Close::TooFast));
        }
        match message {
            Message::Text(text) => self.obey(&text).await,
            Message::Binary(_) => Err(End::Close(Close::TooLarge)),
            // Pings are answered by the library, which reads whole messages only.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
            Message::Close(_) => Err(End::Gone),
        }
    }

    async fn obey(&mut self, text: &str) -> Result<(), End> {
        let frames = match ClientFrame::parse(text) {
            Ok(ClientFrame::Subscribe { .. }) if !self.caller.may(Scope::Read) => vec![not_allowed(Scope::Read)],
            Ok(ClientFrame::Subscribe { interest, resume }) => {
                if let Some(resume) = &resume {
                    self.hub.reach(resume).await;
                }
                self.viewer.subscribe(interest, resume.as_deref()).await
            }
            Ok(ClientFrame::Unsubscribe(channels)) => self.viewer.unsubscribe(channels).await,
            Ok(ClientFrame::Ping(timestamp)) => vec![ServerFrame::Pong { timestamp }.to_bytes()],
            Ok(ClientFrame::Metrics(raw)) => return self.take_sample(raw).await,
            Err(bad) => return self.refuse(bad).await,
        };
        self.write(frames).await
    }

    async fn take_sample(&mut self, raw: &str) -> Result<(), End> {
        if !self.caller.may(Scope::Ingest) {
            return self.write(vec![not_allowed(Scope::Ingest)]).await;
        }
        let Some(door) = self.door.clone() else {
            let message = "this dashboard takes no samples: send them to Pulse";
            return self.write(vec![ServerFrame::error("not_here", message).to_bytes()]).await;
        };
        let raw = raw.to_owned();
        self.answer = Some(Box::pin(async move { door.accept(&raw).await.to_bytes() }));
        Ok(())
    }

    async fn refuse(&mut self, bad: BadFrame) -> Result<(), End> {
        self.bad_frames += 1;
        self.write(vec![ServerFrame::error(bad.code, bad.message).to_bytes()]).await?;
        if self.bad_frames == BAD_FRAMES { Err(End::Close(Close::BadFrames)) } else { Ok(()) }
    }
}

/// What the token of the socket may not.
fn not_allowed(scope: Scope) -> Bytes {
    let message = format!("the token may not do this: it lacks the scope `{}`", scope.name());
    ServerFrame::error("scope_missing", message).to_bytes()
}

/// Says why, and gives the client a moment to hear it: a socket that is cut with unread frames in it loses its farewell.
pub(super) async fn say_goodbye(socket: &mut WebSocket, close: Close) {
    let frame = CloseFrame { code: close.code().into(), reason: close.reason().into() };
    let goodbye = async {
        socket.send(Message::Close(Some(frame))).await?;
        while let Some(message) = socket.next().await {
            message?;
        }
        Ok::<(), Error>(())
    };
    if !matches!(timeout(GOODBYE, goodbye).await, Ok(Ok(()))) {
        tracing::debug!("a client left without an answer to close code {}", close.code());
    }
}

/// The answer that is under way, if one is. Cancel-safe.
async fn answered(answer: &mut Option<BoxFuture<'static, Bytes>>) -> Bytes {
    let Some(under_way) = answer else { return pending().await };
    let bytes = under_way.await;
    *answer = None;
    bytes
}

async fn in_time(limit: Duration, writing: impl Future<Output = Result<(), Error>>) -> Result<(), End> {
    match timeout(limit, writing).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(Close::TooSlow)),
    }
}

/// Tells a frame that breaks the rules from a connection that broke.
fn broken(error: &Error) -> End {
    match error {
        Error::Capacity(_) | Error::Utf8(_) => End::Close(Close::TooLarge),
        _ => End::Gone,
    }
}
