use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{
    About, Action, Activation, Alert, Artifact, ArtifactStatus, Chorus, Conflict, Delivery, Experiment,
    ExperimentChange, Outcome, Seam, Silence, SilenceChange, Simulated, StoodDown, StopCondition, Subject, Text,
    Timestamp, ToneNow, Verdict, Vital, Vitals, Voice,
};

/// What happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertChange {
    /// It began to fire.
    Opened,
    /// What held it back ended while it fired: people are told now.
    Notified,
    /// A person has seen it.
    Acknowledged,
    /// Nobody has acknowledged it in time: the next in its chain are told.
    Escalated,
    /// It was acknowledged, and still fires after the time that this gives: people are told again.
    Lapsed,
    /// A silence mutes it now, or another one than before.
    Silenced,
    /// No silence mutes it any more.
    Unsilenced,
    /// It ended.
    Resolved,
}

impl AlertChange {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 8] = [
        Self::Opened,
        Self::Notified,
        Self::Acknowledged,
        Self::Escalated,
        Self::Lapsed,
        Self::Silenced,
        Self::Unsilenced,
        Self::Resolved,
    ];

    /// The name in JSON, in ids and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Notified => "notified",
            Self::Acknowledged => "acknowledged",
            Self::Escalated => "escalated",
            Self::Lapsed => "lapsed",
            Self::Silenced => "silenced",
            Self::Unsilenced => "unsilenced",
            Self::Resolved => "resolved",
        }
    }
}

/// Something that the engine concluded. The same log gives the same events, byte for byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    /// Made from what caused it: log position, then what it is.
    pub id: String,
    /// About whom.
    pub subject: Subject,
    /// When, on the engine's clock.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub body: EventBody,
}

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventBody {
    /// The verdict on the subject changed: a level, a side, a priority or its freshness.
    Levels {
        /// Which vitals changed.
        changed: Vec<Vital>,
        /// The whole verdict after the change.
        verdict: Verdict,
    },
    /// An alert opened, changed or ended.
    Alert {
        /// What happened.
        change: AlertChange,
        /// The whole alert after the change.
        alert: Box<Alert>,
    },
    /// A derived signal became true or false.
    Signal {
        /// Which.
        signal: String,
        /// What it is now.
        value: bool,
        /// Why, in words and numbers.
        reason: Text,
    },
    /// A voice was activated, or stood down.
    Voice {
        /// Which.
        voice: Voice,
        /// The activation, begun now or ended now.
        activation: Activation,
        /// How it ended; none when it begins.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stood_down: Option<StoodDown>,
    },
    /// Two voices came into conflict, or it is over.
    Conflict {
        /// Who, and who leads.
        conflict: Conflict,
        /// Whether it is over.
        over: bool,
        /// How it is settled, in words and numbers.
        reason: Text,
    },
    /// The voices changed noticeably.
    Chorus {
        /// All of them.
        chorus: Chorus,
    },
    /// An automatic action was taken, or delivered.
    Action {
        /// The whole action after the change.
        action: Action,
    },
    /// A symbol was performed.
    Symbol {
        /// Its name, e.g. `pause`.
        symbol: String,
        /// How it looks.
        glyph: String,
        /// By whom.
        voice: Voice,
        /// Why, in words and numbers.
        reason: Text,
    },
    /// The tone changed.
    Tone {
        /// The tone before.
        from: String,
        /// The tone now.
        tone: ToneNow,
        /// Why, in words and numbers.
        reason: Text,
    },
    /// The state changed.
    Seam {
        /// The transition.
        seam: Seam,
    },
    /// A small move of the vitals would lead into any of several other states.
    Bifurcation {
        /// Which states.
        states: Vec<String>,
        /// The vitals at that moment.
        vitals: Vitals,
    },
    /// A silence began or ended.
    Silence {
        /// What happened.
        change: SilenceChange,
        /// The whole silence after the change.
        silence: Silence,
    },
    /// An experiment began, changed or ended.
    Experiment {
        /// What happened.
        change: ExperimentChange,
        /// The whole experiment after the change.
        experiment: Experiment,
    },
    /// A ∆DΩΛ artifact was kept.
    Artifact {
        /// The artifact. The engine tells it with its record; the log keeps that apart, and tells of it without.
        artifact: Box<Artifact>,
    },
    /// A day (UTC) of a vital is over: how long it was inside its objective.
    Account {
        /// Which vital.
        vital: Vital,
        /// When the accounted time began; it ends at the event's time.
        from: Timestamp,
        /// Seconds inside the OK zone.
        good: f64,
        /// Seconds outside.
        bad: f64,
    },
}

impl EventBody {
    /// The name of the kind, as in its JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Levels { .. } => "levels",
            Self::Alert { .. } => "alert",
            Self::Signal { .. } => "signal",
            Self::Voice { .. } => "voice",
            Self::Conflict { .. } => "conflict",
            Self::Chorus { .. } => "chorus",
            Self::Action { .. } => "action",
            Self::Symbol { .. } => "symbol",
            Self::Tone { .. } => "tone",
            Self::Seam { .. } => "seam",
            Self::Bifurcation { .. } => "bifurcation",
            Self::Silence { .. } => "silence",
            Self::Experiment { .. } => "experiment",
            Self::Artifact { .. } => "artifact",
            Self::Account { .. } => "account",
        }
    }
}

impl Event {
    /// As it is stored and told: an artifact without its record, which is kept apart.
    pub fn as_told(&self) -> Cow<'_, Self> {
        match &self.body {
            EventBody::Artifact { artifact } => {
                let artifact = Box::new(artifact.without_record());
                Cow::Owned(Self { body: EventBody::Artifact { artifact }, ..self.clone() })
            }
            _ => Cow::Borrowed(self),
        }
    }
}

/// Something that a person asked for. It goes through the log, so that a replay sees it at the same place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "lowercase")]
pub enum Command {
    /// "I have seen this alert."
    Acknowledge {
        /// Which alert.
        alert: String,
        /// Who asks.
        by: String,
        /// A remark, may be empty.
        note: String,
    },
    /// "Do not tell us of this subject for a while."
    Silence {
        /// Only the alerts of this rule; without it all of the subject.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rule: Option<String>,
        /// For how long.
        seconds: u64,
        /// Who asks.
        by: String,
        /// A remark, may be empty.
        note: String,
    },
    /// "Tell us again": ends a silence early.
    Unsilence {
        /// Which silence.
        silence: String,
        /// Who asks, if they say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// "This became of the webhooks of an action": written by the courier.
    Deliver {
        /// Which action.
        action: String,
        /// What became of it.
        delivery: Delivery,
    },
    /// "We begin an experiment": written by whoever runs it.
    Experiment {
        /// The name of its file.
        name: String,
        /// Set if its vitals are the runner's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        simulated: Option<Simulated>,
        /// For how long, at the most.
        seconds: u64,
        /// What stops it at once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stop: Vec<StopCondition>,
        /// Who asks.
        by: String,
    },
    /// "It goes on, in this phase": written by the runner whenever something changes, and often enough that it is known to
    /// be there.
    Steer {
        /// Which experiment.
        experiment: String,
        /// Its phase.
        phase: String,
        /// How much chaos is injected from now on, 0 (none) to 10.
        dose: u8,
    },
    /// "It is over": written by its runner, or by a person who stops it.
    Conclude {
        /// Which experiment.
        experiment: String,
        /// `passed` or `failed` by the runner, `stopped` by a person.
        outcome: Outcome,
        /// Who asks, if they say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// Why, may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// "Keep this artifact."
    Record {
        /// What the checks say of it.
        status: ArtifactStatus,
        /// What it belongs to.
        about: About,
        /// Who made it.
        by: String,
        /// The record, checked.
        record: serde_json::Value,
    },
}
