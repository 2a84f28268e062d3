use serde::{Deserialize, Serialize};

use crate::{Level, Priority, Side, Subject, Text, Timestamp, Vital};

/// Whether an alert still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertState {
    /// It stands.
    Firing,
    /// It is over.
    Resolved,
}

/// Whether people were told. Held and suppressed alerts are shown in the inbox all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Notification {
    /// Handed to Alertmanager from this moment on.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// Held back by the cooldown of its subject and vital; sent then, if it still fires.
    Held {
        /// Until when.
        until: Timestamp,
    },
    /// Over before the cooldown was: nobody was told.
    Suppressed,
}

/// That a person has seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledgement {
    /// Who, as they named themselves.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they had to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A rule that fires on a subject, with its whole story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// Made from the log position that started it, so that a replay makes the same.
    pub id: String,
    /// On whom.
    pub subject: Subject,
    /// The rule, e.g. `pain_critical_high` or `stale`.
    pub rule: String,
    /// The alert's name at Alertmanager, e.g. `PainCriticalHigh`.
    pub name: String,
    /// On which vital; none for a stale subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vital: Option<Vital>,
    /// On which side of the OK zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// The level of the edge that was crossed.
    pub level: Level,
    /// How urgent.
    pub priority: Priority,
    /// Whether it still stands.
    pub state: AlertState,
    /// The value (0 to 1) when it opened; for a stale subject the seconds without a sample.
    pub value: f64,
    /// The edge, in the same unit.
    pub threshold: f64,
    /// Since when the condition has held.
    pub since: Timestamp,
    /// When it began to fire.
    pub opened_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Timestamp>,
    /// Whether people were told.
    pub notification: Notification,
    /// Whether a person has seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledgement>,
    /// One line with the numbers.
    pub summary: Text,
    /// Why it matters.
    pub description: Text,
    /// What to do first.
    pub recommendation: Text,
}
