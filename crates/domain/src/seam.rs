use serde::{Deserialize, Serialize};

use crate::{Text, Timestamp, Vitals, Voice};

/// What a transition means, by where it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SeamKind {
    /// Into a crisis.
    Conflict,
    /// Out of a crisis.
    Reset,
    /// Into chaos.
    Chaos,
    /// Into standstill.
    Pause,
    /// Into integration.
    Weave,
    /// Into a fruitful tension.
    Insight,
    /// Any other.
    Bridge,
}

/// A transition of a subject from one state to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Seam {
    /// Made from the log position of the first sample in the new state.
    pub id: String,
    /// The state before, e.g. `BALANCED`.
    pub from: String,
    /// The state after.
    pub to: String,
    /// What the transition means.
    pub kind: SeamKind,
    /// The time of the first sample in the new state.
    pub at: Timestamp,
    /// How long the change took, in seconds: from the last sample in the old state to the last one of the dwell time.
    pub took: f64,
    /// The vitals of the last sample in the old state.
    pub before: Vitals,
    /// The vitals of the last sample within the dwell time of the new state.
    pub after: Vitals,
    /// Half the Euclidean distance between the vitals before and after, from 0 to 1.
    pub intensity: f64,
    /// Whether the intensity reaches what the rules call strong.
    pub strong: bool,
    /// Intensity by second of change.
    pub velocity: f64,
    /// The share of the samples since the old state was left that were in the new one, from 0 to 1.
    pub confidence: f64,
    /// Why, in words and numbers.
    pub triggers: Vec<Text>,
    /// The voices that were active in the old state.
    pub voices_before: Vec<Voice>,
    /// The voices that are active in the new one.
    pub voices_after: Vec<Voice>,
    /// The artifact that belongs to it, by its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
}

/// The state of a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateNow {
    /// Its name, e.g. `BALANCED`.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
}
