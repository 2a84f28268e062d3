//! Prints what happens, as it happens; connects again for ever and goes on where it left off.

mod lines;
mod socket;

use std::process::ExitCode;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use self::socket::Door;
use crate::cli::TailArguments;
use crate::say;

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
    let door = Door::at(&arguments.url)?;
    let address = door.url();
    let mut cursor = None;
    let mut wait = SHORTEST_WAIT;
    loop {
        let before = cursor.clone();
        match connection(&door, &arguments, &mut cursor).await {
            Ended::Unread => return Ok(ExitCode::SUCCESS),
            Ended::Refused(reason) => anyhow::bail!(reason),
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

async fn connection(door: &Door, arguments: &TailArguments, cursor: &mut Option<String>) -> Ended {
    let lost = |error: tokio_tungstenite::tungstenite::Error| Ended::Lost(error.to_string());
    let refused = |reason: &str| Ended::Refused(format!("{}: {reason}", door.url()));
    let mut socket = match door.open().await {
        Ok(socket) => socket,
        Err(ended) => return ended,
    };
    if let Err(error) = socket.send(Message::text(subscription(arguments, cursor.as_deref()).to_string())).await {
        return lost(error);
    }
    let mut is_subscribed = false;
    loop {
        let text = match tokio::time::timeout(SILENCE, socket.next()).await {
            Err(_) => return Ended::Lost("no sign of life".to_owned()),
            Ok(None) => return Ended::Lost("the connection ended".to_owned()),
            Ok(Some(Err(error))) => return lost(error),
            Ok(Some(Ok(Message::Close(Some(frame))))) if (4500..4600).contains(&u16::from(frame.code)) => {
                return refused(&frame.reason);
            }
            Ok(Some(Ok(Message::Text(text)))) => text,
            Ok(Some(Ok(_))) => continue,
        };
        let Ok(frame) = serde_json::from_str::<Value>(&text) else { continue };
        if frame["type"] == "error" {
            return refused(frame["message"].as_str().unwrap_or_default());
        }
        let lines = if arguments.json { vec![text.to_string()] } else { lines::of(&frame) };
        if !lines.iter().all(|line| say::out(line)) {
            return Ended::Unread;
        }
        is_subscribed |= frame["type"] == "subscribed";
        // Heartbeats count too: where little happens, the last update may lie too far back to resume from. Those that come
        // before the answer to the subscription would skip what was missed.
        if let Some(seen) = frame["cursor"].as_str().filter(|_| is_subscribed) {
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
