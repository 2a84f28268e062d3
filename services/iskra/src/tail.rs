//! Prints what happens, as it happens; connects again for ever and goes on where it left off.

mod lines;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use url::Url;

use crate::cli::TailArguments;
use crate::say;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// Heartbeats come once a second: after this long without a frame the connection is dead.
const SILENCE: Duration = Duration::from_secs(10);
const SHORTEST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why a connection ended.
enum Ended {
    /// Nobody reads what we print.
    Unread,
    /// The server says that there is no use in coming back.
    Refused(String),
    /// Try again.
    Lost(String),
}

pub(crate) fn run(arguments: TailArguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(follow(arguments))
}

async fn follow(arguments: TailArguments) -> anyhow::Result<ExitCode> {
    let address = socket_address(&arguments.url)?;
    let mut cursor = None;
    let mut wait = SHORTEST_WAIT;
    loop {
        let before = cursor.clone();
        match connection(&address, &arguments, &mut cursor).await {
            Ended::Unread => return Ok(ExitCode::SUCCESS),
            Ended::Refused(reason) => anyhow::bail!("{address}: {reason}"),
            Ended::Lost(reason) => say::note(&format!("{address}: {reason}; connecting again")),
        }
        if cursor != before {
            wait = SHORTEST_WAIT;
        }
        // Not all clients of a server that restarts should come back at the same moment.
        let share = f64::from(std::process::id() % 1_000) / 1_000.0;
        tokio::time::sleep(wait.mul_f64(0.5 + share / 2.0)).await;
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

fn socket_address(url: &Url) -> anyhow::Result<String> {
    let mut address = url.join("/ws").context("the address cannot be used")?;
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    anyhow::ensure!(address.set_scheme(scheme).is_ok(), "{url} is not an http address");
    Ok(address.to_string())
}

async fn connection(address: &str, arguments: &TailArguments, cursor: &mut Option<String>) -> Ended {
    let lost = |error: tokio_tungstenite::tungstenite::Error| Ended::Lost(error.to_string());
    let (mut socket, _) = match tokio::time::timeout(CONNECT, connect_async(address)).await {
        Ok(Ok(connected)) => connected,
        Ok(Err(error)) => return lost(error),
        Err(_) => return Ended::Lost("no answer".to_owned()),
    };
    if let Err(error) = socket.send(Message::text(subscription(arguments, cursor.as_deref()).to_string())).await {
        return lost(error);
    }
    loop {
        let text = match tokio::time::timeout(SILENCE, socket.next()).await {
            Err(_) => return Ended::Lost("no sign of life".to_owned()),
            Ok(None) => return Ended::Lost("the connection ended".to_owned()),
            Ok(Some(Err(error))) => return lost(error),
            Ok(Some(Ok(Message::Close(Some(frame))))) if (4500..4600).contains(&u16::from(frame.code)) => {
                return Ended::Refused(frame.reason.to_string());
            }
            Ok(Some(Ok(Message::Text(text)))) => text,
            Ok(Some(Ok(_))) => continue,
        };
        let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
        if frame["type"] == "error" {
            return Ended::Refused(frame["message"].as_str().unwrap_or_default().to_owned());
        }
        let lines = if arguments.json { vec![text.to_string()] } else { lines::of(&frame) };
        if !lines.iter().all(|line| say::out(line)) {
            return Ended::Unread;
        }
        // Heartbeats count too: where little happens, the last update may lie too far back to resume from.
        if let Some(seen) = frame["cursor"].as_str() {
            *cursor = Some(seen.to_owned());
        }
    }
}

fn subscription(arguments: &TailArguments, cursor: Option<&str>) -> Value {
    let mut frame = json!({"type": "subscribe"});
    if !arguments.channels.is_empty() {
        frame["channels"] = json!(arguments.channels);
    }
    if !arguments.subjects.is_empty() {
        frame["subjects"] = json!(arguments.subjects);
    }
    if let Some(cursor) = cursor {
        frame["resume"] = json!(cursor);
    }
    frame
}
