use std::borrow::Cow;

use domain::Subject;
use serde::Deserialize;
use serde_json::Number;
use serde_json::value::RawValue;

use crate::{Channels, Interest};

/// Most subjects that one subscription names.
const SUBJECTS: usize = 256;
const KNOWN: &str = "known are subscribe, unsubscribe, ping, metrics";

/// A frame from a client.
#[derive(Clone, Debug)]
pub enum ClientFrame<'a> {
    /// What to stream from now on.
    Subscribe {
        /// What is wanted.
        interest: Interest,
        /// The last cursor that was seen, as the client gives it back.
        resume: Option<String>,
    },
    /// Channels to give up; none means all.
    Unsubscribe(Option<Channels>),
    /// Asks for a `pong` with the same timestamp.
    Ping(Number),
    /// A sample, as its JSON text.
    Metrics(&'a str),
}

/// Why a frame could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct BadFrame {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subscribe {
    #[serde(rename = "type")]
    _kind: serde::de::IgnoredAny,
    channels: Option<Channels>,
    subjects: Option<Vec<Subject>>,
    resume: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsubscribe {
    #[serde(rename = "type")]
    _kind: serde::de::IgnoredAny,
    channels: Option<Channels>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ping {
    #[serde(rename = "type")]
    _kind: serde::de::IgnoredAny,
    timestamp: Number,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metrics<'a> {
    #[serde(rename = "type")]
    _kind: serde::de::IgnoredAny,
    #[serde(borrow)]
    data: &'a RawValue,
}

impl<'a> ClientFrame<'a> {
    /// Reads one frame. Unknown, repeated and missing fields are refused, so that a misspelt one does not vanish.
    pub fn parse(text: &'a str) -> Result<Self, BadFrame> {
        if !text.trim_start().starts_with('{') {
            return Err(BadFrame { code: "bad_frame", message: format!("a frame is a JSON object; {KNOWN}") });
        }
        let head: Head<'_> = read(text)?;
        match &*head.kind {
            "subscribe" => subscribe(read(text)?),
            "unsubscribe" => read::<Unsubscribe>(text).map(|frame| Self::Unsubscribe(frame.channels)),
            "ping" => read::<Ping>(text).map(|frame| Self::Ping(frame.timestamp)),
            "metrics" => read::<Metrics<'a>>(text).map(|frame| Self::Metrics(frame.data.get())),
            other => {
                let shown: String = other.chars().take(32).collect();
                Err(BadFrame { code: "unknown_type", message: format!("unknown type `{shown}`; {KNOWN}") })
            }
        }
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, BadFrame> {
    serde_json::from_str(text).map_err(|error| {
        let code = if error.is_data() { "bad_frame" } else { "not_json" };
        BadFrame { code, message: error.to_string() }
    })
}

fn subscribe(frame: Subscribe) -> Result<ClientFrame<'static>, BadFrame> {
    let named = frame.subjects.as_ref().map_or(0, Vec::len);
    if named > SUBJECTS {
        let message =
            format!("a subscription names at most {SUBJECTS} subjects, this one {named}; leave them out for all");
        return Err(BadFrame { code: "too_many_subjects", message });
    }
    let interest = Interest::new(frame.channels.unwrap_or(Channels::ALL), frame.subjects);
    Ok(ClientFrame::Subscribe { interest, resume: frame.resume })
}

#[cfg(test)]
mod tests;
