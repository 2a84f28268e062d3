use std::sync::Arc;

use bytes::Bytes;
use durable_log::Cursor;

use crate::bridge::Bridge;
use crate::pictures::Picture;
use crate::place::{Place, Taken};
use crate::update::Contents;
use crate::wire::{Close, ServerFrame, Status};
use crate::{Channels, Hub, Interest};

/// Most entries that are read from the log for a viewer that resumes; who missed more gets a snapshot.
const RESUME_ENTRIES: u64 = 30_000;

/// What a viewer is to be sent next.
#[derive(Debug, PartialEq, Eq)]
pub enum Delivery {
    /// These frames, at best in one write.
    Frames(Vec<Bytes>),
    /// A farewell.
    Close(Close),
}

/// One who looks at the hub. Gone when dropped.
pub struct Viewer {
    hub: Arc<Hub>,
    id: u64,
    place: Arc<Place>,
    interest: Interest,
    bridge: Option<Bridge>,
}

impl Viewer {
    pub(crate) fn enter(hub: Arc<Hub>, id: u64) -> Self {
        let interest = Interest::none();
        let mut state = hub.state();
        let place = Arc::new(Place::new(Arc::clone(state.rooms.cursor()), Arc::clone(&hub.backlog)));
        state.rooms.enter(&interest, id, &place);
        drop(state);
        Self { hub, id, place, interest, bridge: None }
    }

    /// Wants `interest` from now on, instead of what it wanted before. Answers the frames to send first; what waited is
    /// void. Without `resume`, or when that lies too far back, they hold the present. Cancel-safe.
    pub async fn subscribe(&mut self, interest: Interest, resume: Option<&str>) -> Vec<Bytes> {
        let resume = resume.and_then(|cursor| cursor.parse().ok()).filter(|from| is_near(&self.hub, from));
        let shared = match resume {
            Some(_) => None,
            None => self.hub.pictures.get(&self.hub, &interest).await,
        };
        self.begin(interest, resume, shared)
    }

    /// Begins at `resume`, or with a picture: `shared`, or else its own, from which nothing has to be read to go on.
    fn begin(&mut self, interest: Interest, resume: Option<Cursor>, shared: Option<Picture>) -> Vec<Bytes> {
        let hub = Arc::clone(&self.hub);
        let mut state = hub.state();
        let (position, _) = self.move_to(&mut state.rooms, interest);
        let until = Arc::clone(state.rooms.cursor());
        let own = (resume.is_none() && shared.is_none()).then(|| state.view.excerpt(&self.interest));
        drop(state);
        let mut frames = vec![self.subscribed(resume.is_some())];
        frames.extend(own.map(|excerpt| excerpt.to_bytes(&position, hub.now())));
        frames.extend(shared.as_ref().map(|picture| picture.text.clone()));
        let from = resume.or_else(|| shared.map(|picture| (*picture.cursor).clone()));
        let behind = from.filter(|from| *from != *position);
        self.bridge = behind.map(|from| Bridge::new(from, until, position));
        self.sent(frames)
    }

    /// Gives up `channels`, or all. Answers the frames to send next; the chain of cursors goes on, unless what waited is lost.
    pub async fn unsubscribe(&mut self, channels: Option<Channels>) -> Vec<Bytes> {
        let interest = self.interest.without(channels.unwrap_or(Channels::ALL));
        match self.give_up(&interest) {
            Some(frames) => self.sent(frames),
            None => self.subscribe(interest, None).await,
        }
    }

    fn give_up(&mut self, interest: &Interest) -> Option<Vec<Bytes>> {
        let hub = Arc::clone(&self.hub);
        let mut state = hub.state();
        let mut frames = match self.place.take(hub.now()) {
            Some(Taken::Frames(frames)) => frames,
            Some(Taken::Lost(_)) => return None,
            Some(Taken::Close(_)) | None => Vec::new(),
        };
        let (position, before) = self.move_to(&mut state.rooms, interest.clone());
        let cursor = Arc::clone(state.rooms.cursor());
        drop(state);
        if let Some(bridge) = self.bridge.take() {
            // What waited lies beyond the bridge, which now reaches farther.
            self.bridge = Some(bridge.turned_to(cursor, position));
            return Some(vec![self.subscribed(true)]);
        }
        frames.push(self.subscribed(true));
        if let Some(before) = before.filter(|before| *before != position) {
            // The rooms stand at different places with nothing between them that this viewer wants.
            frames.push(Contents::default().into_bytes(&before, &position, hub.now()));
        }
        Some(frames)
    }

    /// What is to be sent next; waits until there is something. Cancel-safe.
    pub async fn next(&mut self) -> Delivery {
        if let Some(close) = self.place.closed() {
            return Delivery::Close(close);
        }
        if let Some(bridge) = &mut self.bridge {
            match bridge.next(&self.hub, &self.interest).await {
                Ok(Some(frame)) => return Delivery::Frames(self.sent(vec![frame])),
                Ok(None) => self.bridge = None,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "a viewer cannot be led on from the log and gets a snapshot");
                    let interest = self.interest.clone();
                    return Delivery::Frames(without_subscribed(self.begin(interest, None, None)));
                }
            }
        }
        match self.place.next(|| self.hub.now()).await {
            Taken::Frames(frames) => Delivery::Frames(self.sent(frames)),
            Taken::Close(close) => Delivery::Close(close),
            Taken::Lost(frames) => {
                let interest = self.interest.clone();
                let present = without_subscribed(self.subscribe(interest, None).await);
                self.hub.metrics.restarts.inc();
                let lagged = self.sent(vec![ServerFrame::Lagged { frames }.to_bytes()]);
                Delivery::Frames([lagged, present].concat())
            }
        }
    }

    /// Changes rooms; answers the position of the new one and that of the old one.
    fn move_to(&mut self, rooms: &mut crate::rooms::Rooms, interest: Interest) -> (Arc<Cursor>, Option<Arc<Cursor>>) {
        let before = rooms.leave(&self.interest, self.id);
        self.interest = interest;
        (rooms.enter(&self.interest, self.id, &self.place), before)
    }

    fn subscribed(&self, resumed: bool) -> Bytes {
        let (channels, subjects) = (self.interest.channels(), self.interest.subjects());
        ServerFrame::Subscribed { channels, subjects, status: Status::Ok, resumed, server_time: self.hub.now() }
            .to_bytes()
    }

    fn sent(&self, frames: Vec<Bytes>) -> Vec<Bytes> {
        let bytes: usize = frames.iter().map(Bytes::len).sum();
        self.hub.metrics.frames.inc_by(u64::try_from(frames.len()).unwrap_or(0));
        self.hub.metrics.bytes.inc_by(u64::try_from(bytes).unwrap_or(0));
        frames
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.hub.state().rooms.leave(&self.interest, self.id);
        self.hub.metrics.viewers.dec();
    }
}

/// Whether so little has happened since `from` that it can be read from the log.
fn is_near(hub: &Hub, from: &Cursor) -> bool {
    hub.state().rooms.cursor().distance_from(from).is_some_and(|missed| missed <= RESUME_ENTRIES)
}

/// The present alone, which begins the chain anew at any time: the viewer was told already what it is subscribed to.
fn without_subscribed(mut frames: Vec<Bytes>) -> Vec<Bytes> {
    frames.split_off(1)
}
