use serde::{Deserialize, Serialize};

use crate::{Subject, Timestamp};

/// A person's wish not to be told of a subject, or of one of its rules, for a while. It mutes the noise: what happens is
/// judged, stored and shown all the same, and whoever was told of an alert is told of its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Silence {
    /// Made from the log position of the wish, so that a replay makes the same.
    pub id: String,
    /// On whom.
    pub subject: Subject,
    /// Only the alerts of this rule, e.g. `pain_critical_high`; without it all of the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// When it began.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// Who wished it, as they named themselves.
    pub by: String,
    /// What they had to say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How it ended; absent while it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<SilenceEnd>,
}

/// How a silence ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SilenceEnd {
    /// When.
    pub at: Timestamp,
    /// Who ended it early; absent when its time was over, or when they did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What happened to a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SilenceChange {
    /// It began.
    Created,
    /// A person ended it early.
    Ended,
    /// Its time was over.
    Expired,
}

impl Silence {
    /// The id of the one that the entry `seq` of a partition asked for.
    pub fn id_of(partition: u16, seq: u64) -> String {
        format!("{partition}-{seq}.silence")
    }

    /// Whether it mutes the alerts of a rule of its subject.
    pub fn mutes(&self, rule: &str) -> bool {
        self.rule.as_deref().is_none_or(|only| only == rule)
    }
}

impl SilenceChange {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 3] = [Self::Created, Self::Ended, Self::Expired];

    /// The name in JSON and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Ended => "ended",
            Self::Expired => "expired",
        }
    }
}
