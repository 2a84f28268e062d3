//! Servers that give what one sends to many, all measured in the same way by the same viewers.

mod bare;
mod iskra;
mod raw;

use std::net::SocketAddr;

use crate::Bench;
use crate::crowd::{Crowd, Step};
use crate::process::Process;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Iskra,
    Bare,
    Raw,
    RawGathered,
}

/// A running server; it ends when dropped.
pub(crate) struct Server {
    /// Where viewers connect, and how they get in.
    pub(crate) viewers: SocketAddr,
    pub(crate) steps: Vec<Step>,
    /// Where messages are sent.
    pub(crate) door: Door,
    /// The process, whose children count too.
    pub(crate) process: Process,
    _running: Box<dyn Send>,
}

/// How a message is sent.
#[derive(Clone)]
pub(crate) enum Door {
    /// As the body of a request; several at once as an array, if the server takes them so.
    Http { address: SocketAddr, path: &'static str, takes_many: bool },
    /// As bytes on one connection, after a greeting whose answer is waited for.
    Stream { address: SocketAddr, greeting: Step, frame: fn(&str) -> Vec<u8> },
}

impl Peer {
    /// As people know it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Iskra => "Iskra",
            Self::Bare => "axum broadcast",
            Self::Raw => "raw sockets, one `write` each",
            Self::RawGathered => "raw sockets, 20 ms in one `write`",
        }
    }

    /// Starts it with settings of its maker where nothing else is said, without a log and with room for all viewers.
    pub(crate) fn start(self, bench: &Bench) -> anyhow::Result<Server> {
        match self {
            Self::Iskra => iskra::start(bench),
            Self::Bare => bare::start(),
            Self::Raw => raw::start(0),
            Self::RawGathered => raw::start(20),
        }
    }
}

impl Server {
    /// Opens so many viewers, of which `at_once` connect side by side.
    pub(crate) async fn gather(&self, viewers: usize, at_once: usize) -> anyhow::Result<Crowd> {
        Crowd::gather(self.viewers, &self.steps, viewers, at_once).await
    }
}

/// The request that turns a connection into a WebSocket, and how an answer that agrees begins.
fn upgrade(path: &str) -> Step {
    let says = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    Step { says: says.into_bytes(), hears: b"\r\n\r\n" }
}

/// A text frame of a client, with a mask that changes nothing.
fn text_frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).ok().filter(|length| *length < 126).expect("short texts only");
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
}
