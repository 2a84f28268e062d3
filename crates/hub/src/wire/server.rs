use std::borrow::Cow;

use bytes::Bytes;
use domain::{
    Alert, AlertChange, Event, Level, Light, Presence, Rejection, Sample, Subject, Timestamp, Verdict, Vital,
};
use durable_log::{BusState, Cursor, SubjectNow};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Number;

use crate::merge::{MergedSubject, Range};
use crate::{Channel, Channels};

/// A frame to a client.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame<'a> {
    /// What is streamed from now on.
    Subscribed {
        /// The channels now held.
        channels: Channels,
        /// The subjects; none means all.
        #[serde(skip_serializing_if = "Option::is_none")]
        subjects: Option<&'a [Subject]>,
        /// Always `ok`.
        status: Status,
        /// Whether the chain of cursors goes on; if not, a snapshot follows.
        resumed: bool,
        /// The server's clock.
        server_time: Timestamp,
    },
    /// The present, from which updates go on.
    Snapshot {
        /// As of here.
        cursor: &'a Cursor,
        /// The server's clock.
        server_time: Timestamp,
        /// The subjects, by name.
        subjects: Vec<SubjectFrame<'a>>,
        /// The alerts that fire.
        alerts: Vec<&'a Alert>,
    },
    /// What happened between two cursors.
    Update(UpdateFrame<'a>),
    /// A sign of life, once a second.
    Heartbeat {
        /// Everything up to here was sent.
        cursor: &'a Cursor,
        /// The server's clock.
        server_time: Timestamp,
        /// `live` or `polling`.
        #[serde(serialize_with = "bus_state")]
        bus: BusState,
    },
    /// So many frames were merged into the next update.
    Lagged {
        /// How many.
        frames: u64,
    },
    /// The answer to a ping.
    Pong {
        /// The same as in the ping.
        timestamp: Number,
    },
    /// A sample was stored.
    MetricsReceived {
        /// Always `ok`.
        status: Status,
        /// New, or the same again.
        outcome: Received,
        /// Under this subject.
        subject: Subject,
        /// And this time.
        at: Timestamp,
    },
    /// Something in a client's frame was wrong; the connection stays.
    Error {
        /// For programs.
        code: &'static str,
        /// For people.
        message: Cow<'a, str>,
        /// Why a sample was refused.
        #[serde(skip_serializing_if = "Option::is_none")]
        rejection: Option<Rejection>,
    },
}

impl ServerFrame<'_> {
    /// An error that is not about a sample.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::Error { code, message: Cow::Owned(message.into()), rejection: None }
    }

    /// Its JSON.
    pub fn to_bytes(&self) -> Bytes {
        serde_json::to_vec(self).expect("a frame has text keys only and no value that JSON lacks").into()
    }
}

/// That it worked.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It did.
    Ok,
}

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// It is stored.
    Accepted,
    /// It was stored before.
    Duplicate,
}

/// What happened between two cursors; empty lists are left out.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateFrame<'a> {
    pub(crate) prev: &'a Cursor,
    pub(crate) cursor: &'a Cursor,
    pub(crate) server_time: Timestamp,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) samples: Vec<SampleFrame<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) merged: Vec<MergedFrame<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) levels: Vec<LevelsFrame<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) alerts: Vec<AlertFrame<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) events: Vec<&'a Event>,
}

/// A sample, as far as it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct SampleFrame<'a> {
    /// The whole sample.
    pub sample: &'a Sample,
    /// What of it is written.
    pub channels: Channels,
}

impl Serialize for SampleFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("subject", &self.sample.subject)?;
        map.serialize_entry("at", &self.sample.at)?;
        for (vital, score) in self.sample.vitals.present() {
            if self.channels.has(vital.into()) {
                map.serialize_entry(vital.name(), &score)?;
            }
        }
        if self.channels.has(Channel::Signals) && !self.sample.signals.is_empty() {
            map.serialize_entry("signals", &self.sample.signals)?;
        }
        map.end()
    }
}

/// A subject at present, as far as it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct SubjectFrame<'a> {
    /// What is known of it.
    pub now: &'a SubjectNow,
    /// What of it is written: what the engine says only with the channels that go on telling it, because without them
    /// it would stay as it was.
    pub channels: Channels,
}

impl Serialize for SubjectFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let unjudged = Verdict::default();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("subject", &self.now.subject)?;
        if self.channels.has(Channel::Levels) {
            let verdict = self.now.verdict.as_ref().unwrap_or(&unjudged);
            map.serialize_entry("light", &verdict.light())?;
            map.serialize_entry("level", &verdict.level())?;
        }
        if let Some(sample) = self.now.latest.as_ref().filter(|_| self.channels.meets(Channels::SAMPLES)) {
            map.serialize_entry("latest", &SampleFrame { sample, channels: self.channels })?;
        }
        if let Some(verdict) = self.now.verdict.as_ref().filter(|_| self.channels.has(Channel::Levels)) {
            map.serialize_entry("verdict", verdict)?;
        }
        let Presence { state, tone, chorus, silences, experiment } = &self.now.presence;
        if let Some(state) = state.as_ref().filter(|_| self.channels.has(Channel::Seams)) {
            map.serialize_entry("state", state)?;
        }
        if let Some(tone) = tone.as_ref().filter(|_| self.channels.has(Channel::Tones)) {
            map.serialize_entry("tone", tone)?;
        }
        if let Some(chorus) = chorus.as_ref().filter(|_| self.channels.has(Channel::Voices)) {
            map.serialize_entry("chorus", chorus)?;
        }
        if !silences.is_empty() && self.channels.has(Channel::Alerts) {
            map.serialize_entry("silences", silences)?;
        }
        if let Some(experiment) = experiment.as_ref().filter(|_| self.channels.has(Channel::Experiments)) {
            map.serialize_entry("experiment", experiment)?;
        }
        map.end()
    }
}

/// That the verdict on a subject changed.
#[derive(Clone, Debug, Serialize)]
pub struct LevelsFrame<'a> {
    subject: &'a Subject,
    at: Timestamp,
    light: Light,
    level: Level,
    changed: &'a [Vital],
    verdict: &'a Verdict,
}

impl<'a> LevelsFrame<'a> {
    /// The change of `subject` to `verdict`.
    pub fn new(subject: &'a Subject, at: Timestamp, changed: &'a [Vital], verdict: &'a Verdict) -> Self {
        Self { subject, at, light: verdict.light(), level: verdict.level(), changed, verdict }
    }
}

/// What happened to an alert.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct AlertFrame<'a> {
    /// What.
    pub change: AlertChange,
    /// The alert after it.
    pub alert: &'a Alert,
}

/// Several samples of one subject, merged for a client that lags.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MergedFrame<'a> {
    pub(crate) merged: &'a MergedSubject,
    pub(crate) channels: Channels,
}

impl Serialize for MergedFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("subject", &self.merged.latest.subject)?;
        map.serialize_entry("from", &self.merged.from)?;
        map.serialize_entry("latest", &SampleFrame { sample: &self.merged.latest, channels: self.channels })?;
        map.serialize_entry("vitals", &Ranges(*self))?;
        map.end()
    }
}

struct Ranges<'a>(MergedFrame<'a>);

impl Serialize for Ranges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wanted = |vital: &Vital| self.0.channels.has((*vital).into());
        let ranges = Vital::ALL.into_iter().filter(wanted);
        let ranges = ranges.filter_map(|vital| Some((vital.name(), self.0.merged.vitals[vital.index()].as_ref()?)));
        serializer.collect_map(ranges.map(|(name, range): (_, &Range)| (name, range)))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn bus_state<S: Serializer>(state: &BusState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match state {
        BusState::Live => "live",
        BusState::Polling => "polling",
    })
}
