use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Priority, Text, Timestamp, Voice};

/// How far an action reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reach {
    /// It changes nothing outside: it activates voices.
    Inside,
    /// It would change something outside; the rules say to try it dry, so nobody is asked to.
    DryRun,
    /// Others are asked to act on it.
    Outside,
}

/// What became of an action that others are asked to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Delivery {
    /// Nobody is to be told.
    None,
    /// On its way.
    Pending,
    /// Every webhook has taken it.
    Delivered,
    /// A webhook refused it, or did not answer for too long.
    Failed,
}

/// An automatic action that was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Action {
    /// Made from the log position that caused it: also the idempotency key of its webhooks.
    pub id: String,
    /// Its name, e.g. `stabilize_system`.
    pub action: String,
    /// Orders and colours it; people are paged by alerts, not by actions.
    pub priority: Priority,
    /// When it was taken.
    pub at: Timestamp,
    /// How far it reaches.
    pub reach: Reach,
    /// The voices that it activated: not those that were active already, or that stand down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voices: Vec<Voice>,
    /// What it asks for, e.g. `intensity` 3 and `duration_seconds` 300.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, f64>,
    /// Why, in words and numbers.
    pub reason: Text,
    /// What became of it outside.
    pub delivery: Delivery,
}

/// Why an action whose condition became true was not taken, a symbol not performed, an alert not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Suppression {
    /// It was taken a moment ago.
    Cooldown,
    /// It was taken as often as is allowed within an hour.
    Budget,
    /// It would work against another one that was just taken.
    Exclusive,
    /// An ethical violation stands.
    Veto,
    /// Actions are switched off.
    SwitchedOff,
    /// The same was done too many times in a row: another voice takes the turn.
    Echo,
}

impl Suppression {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 6] =
        [Self::Cooldown, Self::Budget, Self::Exclusive, Self::Veto, Self::SwitchedOff, Self::Echo];

    /// The name in JSON and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cooldown => "cooldown",
            Self::Budget => "budget",
            Self::Exclusive => "exclusive",
            Self::Veto => "veto",
            Self::SwitchedOff => "switched_off",
            Self::Echo => "echo",
        }
    }
}
