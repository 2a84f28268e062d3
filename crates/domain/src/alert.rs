use serde::{Deserialize, Serialize};

use crate::{Level, Priority, Side, Silence, Simulated, Subject, Text, Timestamp, Vital};

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
    /// Held back; sent then, if it still fires.
    Held {
        /// Until when.
        until: Timestamp,
        /// By what.
        #[serde(default)]
        by: HeldBy,
    },
    /// Over before it could be sent: nobody was told.
    Suppressed,
}

/// What holds a notification back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HeldBy {
    /// The cooldown of its subject and vital.
    #[default]
    Cooldown,
    /// A maintenance window.
    Maintenance,
    /// A silence.
    Silence,
}

impl HeldBy {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 3] = [Self::Cooldown, Self::Maintenance, Self::Silence];

    /// The name in JSON and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cooldown => "cooldown",
            Self::Maintenance => "maintenance",
            Self::Silence => "silence",
        }
    }
}

/// How people are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Channel {
    /// A message in Slack.
    Slack,
    /// A page.
    PagerDuty,
    /// An email.
    Email,
}

impl Channel {
    /// The name in JSON and in annotations.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::PagerDuty => "pagerduty",
            Self::Email => "email",
        }
    }
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EscalationStep {
    /// Who is told; empty where a channel only shows it.
    pub role: String,
    /// Seconds after the alert was first told.
    pub after_seconds: u64,
    /// By which ways.
    pub channels: Vec<Channel>,
}

/// Who is told of an alert, and when, while nobody acknowledges it. Fixed when the alert opens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Escalation {
    /// How many steps were taken: 1 to 3, the `escalation` label.
    pub step: u8,
    /// When each of them was taken; empty until people are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Timestamp>,
    /// How often an acknowledgement has lapsed.
    #[serde(default)]
    pub lapses: u32,
    /// Which step was told again at each of these lapses: the last that was taken by then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_again: Vec<u8>,
    /// The whole chain.
    pub chain: Vec<EscalationStep>,
    /// Seconds after which an acknowledgement lapses while the alert still fires; 0 for never.
    pub acknowledge_timeout_seconds: u64,
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
    /// The silence that mutes it; of several the one that lasts longest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silenced: Option<Silence>,
    /// Set if the subject was simulated when it opened, and how far that reaches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulated: Option<Simulated>,
    /// Who is told, and when.
    #[serde(default)]
    pub escalation: Escalation,
    /// The automatic actions that answered the same condition, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// One line with the numbers.
    pub summary: Text,
    /// Why it matters.
    pub description: Text,
    /// What to do first.
    pub recommendation: Text,
}
