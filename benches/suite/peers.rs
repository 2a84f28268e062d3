//! Servers that give what one sends to many, all measured in the same way by the same viewers.

mod bare;
pub(crate) mod iskra;
mod mosquitto;
mod nats;
mod nchan;
mod program;
mod raw;
mod socket_io;

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context as _;

use crate::Bench;
use crate::crowd::{Crowd, Step};
use crate::process::Process;
use crate::report::Report;

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Iskra,
    Bare,
    Raw,
    RawGathered,
    Nchan,
    Nats,
    Mosquitto,
    SocketIo,
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
            Self::Nchan => "nchan",
            Self::Nats => "NATS",
            Self::Mosquitto => "Mosquitto",
            Self::SocketIo => "socket.io",
        }
    }

    /// How to get it, if it is not there.
    pub(crate) fn missing(self) -> Option<&'static str> {
        let (is_there, line) = match self {
            Self::Iskra | Self::Bare | Self::Raw | Self::RawGathered => return None,
            Self::Nchan => (
                program::find("nginx").is_some() && Path::new(nchan::MODULE).is_file(),
                "apt-get install nginx libnginx-mod-nchan",
            ),
            Self::Nats => (program::find("nats-server").is_some(), "apt-get install nats-server"),
            Self::Mosquitto => (program::find("mosquitto").is_some(), "apt-get install mosquitto"),
            Self::SocketIo => (socket_io::is_installed(), "npm ci --prefix benches/peers"),
        };
        (!is_there).then_some(line)
    }

    /// Starts it with its maker's settings where nothing else is said, without a log and with room for all viewers. None
    /// if it is not installed, which is told.
    pub(crate) async fn start(self, bench: &Bench, report: &mut Report) -> anyhow::Result<Option<Server>> {
        if let Some(line) = self.missing() {
            report.note(&format!("{} is not installed", self.name()), format!("left out: `{line}`"))?;
            return Ok(None);
        }
        let started = match self {
            Self::Iskra => iskra::start(bench),
            Self::Bare => bare::start(),
            Self::Raw => raw::start(0),
            Self::RawGathered => raw::start(20),
            Self::Nchan => nchan::start(bench).await,
            Self::Nats => nats::start(bench).await,
            Self::Mosquitto => mosquitto::start(bench).await,
            Self::SocketIo => socket_io::start(),
        };
        started.map(Some).with_context(|| format!("starting {}", self.name()))
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
pub(crate) fn text_frame(text: &str) -> Vec<u8> {
    const TEXT: u8 = 0x81;
    const MASKED: u8 = 0x80;
    let header = match u8::try_from(text.len()) {
        Ok(length @ ..126) => vec![TEXT, MASKED | length],
        _ => {
            let [high, low] = u16::try_from(text.len()).expect("short texts only").to_be_bytes();
            vec![TEXT, MASKED | 126, high, low]
        }
    };
    [header.as_slice(), &[0; 4], text.as_bytes()].concat()
}
