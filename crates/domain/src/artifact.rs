use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Subject, Timestamp};

/// What the checks say of a ∆DΩΛ record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ArtifactStatus {
    /// Complete and sure.
    Ok,
    /// Valid, and wants a person's eye.
    Warn,
    /// Not valid.
    Block,
}

/// A ∆DΩΛ record, and what it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Artifact {
    /// Made from what it belongs to: `<alert>.artifact`, else from the log position of the wish to keep it.
    pub id: String,
    /// About whom.
    pub subject: Subject,
    /// When it was kept.
    pub at: Timestamp,
    /// What the checks say of it.
    pub status: ArtifactStatus,
    /// What it belongs to.
    #[serde(flatten)]
    pub about: About,
    /// Who made it: a person as they named themselves, or `iskra`.
    pub by: String,
    /// The record itself: delta, dimension, omega, lambda, sift, and whatever else its maker knew. Null, and left out of
    /// the JSON, where it is only told that the artifact was kept.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub record: Value,
}

/// What an artifact belongs to: the ids of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// An alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// An experiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experiment: Option<String>,
    /// Other events: seams, actions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
}

impl Artifact {
    /// The id of the one that the entry `seq` of a partition asked for.
    pub fn id_of(partition: u16, seq: u64) -> String {
        format!("{partition}-{seq}.artifact")
    }

    /// The same without its record: what is told of it, for a record is as large as a thousand other events.
    #[must_use]
    pub fn without_record(&self) -> Self {
        let Self { id, subject, at, status, about, by, record: _ } = self;
        Self {
            id: id.clone(),
            subject: subject.clone(),
            at: *at,
            status: *status,
            about: about.clone(),
            by: by.clone(),
            record: Value::Null,
        }
    }
}

impl ArtifactStatus {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Warn, Self::Block];

    /// The name in JSON and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Block => "BLOCK",
        }
    }
}
