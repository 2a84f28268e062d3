//! The least that could answer and deliver: the same web framework, nothing checked, nothing stored.

use std::process::{Child, Command};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::broadcast;

use crate::process::Process;
use crate::{iskra, report, samples};

/// Frames that a viewer may be late.
const LATE: usize = 4_096;
/// As in the suite.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// The bare server in a process of its own; killed when dropped.
pub(crate) struct Bare {
    child: Child,
    pub(crate) address: std::net::SocketAddr,
}

impl Bare {
    /// Starts it on a free port.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--bare");
        let (child, address) = iskra::start(command)?;
        Ok(Self { child, address })
    }

    pub(crate) fn process(&self) -> Process {
        Process { id: self.child.id() }
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        iskra::kill(&mut self.child);
    }
}

type Frames = broadcast::Sender<Utf8Bytes>;

/// What the process does.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    report::say(&format!("http://{}", listener.local_addr()?))?;
    let frames = broadcast::channel(LATE).0;
    let router = Router::new().route(samples::PATH, post(pass_on)).route("/ws", get(enter)).with_state(frames);
    Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router).await?)
}

/// Reads the body and gives it to every viewer.
async fn pass_on(State(frames): State<Frames>, body: Bytes) -> String {
    if frames.receiver_count() > 0 {
        let body = String::from_utf8_lossy(&body);
        // Only the viewers that left meanwhile do not get it.
        drop(frames.send(format!(r#"{{"type":"update","samples":[{body}]}}"#).into()));
    }
    String::from(r#"{"accepted":1}"#)
}

async fn enter(State(frames): State<Frames>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(READ_BUFFER_BYTES).on_upgrade(move |socket| deliver(socket, frames))
}

async fn deliver(mut socket: WebSocket, frames: Frames) {
    let mut frames = frames.subscribe();
    let mut frame = Ok(Utf8Bytes::from_static(r#"{"type":"snapshot"}"#));
    while let Ok(text) = frame {
        if socket.send(Message::Text(text)).await.is_err() {
            return;
        }
        frame = frames.recv().await;
    }
}
