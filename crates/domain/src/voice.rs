use serde::{Deserialize, Serialize};

use crate::{Text, Timestamp};

/// One of the seven responders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Voice {
    /// The truth seeker.
    Kayn,
    /// The playful creator.
    Pino,
    /// The structure builder.
    Sam,
    /// The empathetic wise one.
    Anhantra,
    /// The chaos breaker.
    Hundun,
    /// The ethical guardian.
    Iskriv,
    /// The synthesizer.
    Iskra,
}

impl Voice {
    /// All seven, in the order in which they are judged and shown.
    pub const ALL: [Self; 7] =
        [Self::Kayn, Self::Pino, Self::Sam, Self::Anhantra, Self::Hundun, Self::Iskriv, Self::Iskra];

    /// The name in files, API and labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kayn => "kayn",
            Self::Pino => "pino",
            Self::Sam => "sam",
            Self::Anhantra => "anhantra",
            Self::Hundun => "hundun",
            Self::Iskriv => "iskriv",
            Self::Iskra => "iskra",
        }
    }

    /// The voice of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|voice| voice.name() == name)
    }

    /// Its place in arrays with one item for each voice.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// How much an activation presses. More is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Urgency {
    /// It can wait for a better moment.
    Medium,
    /// It should be heard.
    High,
    /// It must be heard.
    Critical,
}

/// Why a voice is active, and since when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activation {
    /// Made from the log position that caused it, so that a replay makes the same.
    pub id: String,
    /// Since when.
    pub since: Timestamp,
    /// What activated it: a trigger of the voice, e.g. `kayn.1`, or an automatic action by its name.
    pub by: String,
    /// How much it presses.
    pub urgency: Urgency,
    /// What the voice now does, e.g. `request_verification`.
    pub response: String,
    /// Why, in words and numbers.
    pub reason: Text,
}

/// How an activation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StoodDown {
    /// The voice's own condition for it was met.
    Done,
    /// What had activated it has not held for long.
    Expired,
    /// Changed rules no longer have what activated it.
    RulesChanged,
}

/// How a voice is at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Mood {
    /// Hardly anything speaks to it.
    #[default]
    Resting,
    /// What it cares for comes near.
    Listening,
    /// It is active beside others.
    Engaged,
    /// It is active, and first among the active ones.
    Leading,
    /// It is active, in conflict with a voice of better rank, and lets that one go first.
    Waiting,
}

/// A voice at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VoiceNow {
    /// Which.
    pub voice: Voice,
    /// How strongly its conditions hold, from 0 to 1; at least 0.5 while it is active.
    pub activity: f64,
    /// min(1, 1.2 × activity).
    pub energy: f64,
    /// How it is.
    pub mood: Mood,
    /// Why it is active; none while it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<Activation>,
    /// When it was last active; none if it never was, or is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Timestamp>,
}

/// Two voices that pull in different directions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Conflict {
    /// Which two.
    pub between: [Voice; 2],
    /// The mean of their energies, from 0 to 1.
    pub intensity: f64,
    /// Who goes first: the better rank; none if the ranks are equal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leads: Option<Voice>,
    /// Who mediates between equals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mediates: Option<Voice>,
    /// Since when.
    pub since: Timestamp,
}

/// Two voices that strengthen each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Synergy {
    /// Which two.
    pub between: [Voice; 2],
    /// The mean of their energies, from 0 to 1.
    pub strength: f64,
}

/// All voices of a subject at a moment, and how they sound together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Chorus {
    /// All seven.
    pub voices: Vec<VoiceNow>,
    /// The first among the active ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leader: Option<Voice>,
    /// Who disagrees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Who agrees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synergies: Vec<Synergy>,
    /// clamp(mean energy − 0.1 × conflicts, 0, 1).
    pub harmony: f64,
    /// clamp(share of voices with activity > 0.3 × harmony × (1 − 0.2 × conflicts), 0, 1).
    pub synthesis_readiness: f64,
}
