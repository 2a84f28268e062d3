use serde::{Deserialize, Serialize};

use crate::{Alert, Subject, Timestamp, Verdict, Vital};

/// What happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertChange {
    /// It began to fire.
    Opened,
    /// Its cooldown ended while it fired: people are told now.
    Notified,
    /// A person has seen it.
    Acknowledged,
    /// It ended.
    Resolved,
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
}

impl EventBody {
    /// The name of the kind, as in its JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Levels { .. } => "levels",
            Self::Alert { .. } => "alert",
        }
    }
}

/// Something that a person asked for. It goes through the log, so that a replay sees it at the same place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}
