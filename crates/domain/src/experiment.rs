use serde::{Deserialize, Serialize};

use crate::{Score, Subject, Text, Timestamp, Vital};

/// How far what happens to a simulated subject reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Simulated {
    /// It is shown and stored; nobody outside is told.
    Inbox,
    /// People and webhooks are told as if it were real: a drill.
    People,
}

/// A zone of a vital in which an experiment must stop at once.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StopCondition {
    /// Of which vital.
    pub vital: Vital,
    /// Above this; without it no value is too high.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 1))]
    pub above: Option<Score>,
    /// Below this; without it no value is too low.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<f64>, minimum = 0, maximum = 1))]
    pub below: Option<Score>,
}

/// An experiment on a subject: what the runner announced, and what became of it. While it runs, the engine guards it; the
/// runner is whoever sends the vitals of a simulated subject and says which phase it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Experiment {
    /// Made from the log position of the wish to begin, so that a replay makes the same.
    pub id: String,
    /// The name of its file, e.g. `stagnation-to-creative`.
    pub name: String,
    /// On whom.
    pub subject: Subject,
    /// Its vitals are the runner's, nothing real is behind them; absent for a real subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulated: Option<Simulated>,
    /// Who began it, as they named themselves.
    pub by: String,
    /// When it began.
    pub from: Timestamp,
    /// When it ends by itself, at the latest.
    pub until: Timestamp,
    /// Its phase, as the runner says; empty before the first.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phase: String,
    /// How much chaos is injected, 0 (none) to 10.
    pub dose: u8,
    /// The action that holds the injection back for now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
    /// What stops it at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<StopCondition>,
    /// How it ended; absent while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<ExperimentEnd>,
}

/// How an experiment ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExperimentEnd {
    /// When.
    pub at: Timestamp,
    /// In which way.
    pub outcome: Outcome,
    /// Who ended it, where a person did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, in words and numbers.
    pub reason: Text,
}

/// The ways in which an experiment can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// It came to its end, and all that had to be seen was.
    Passed,
    /// It came to its end, and something that had to be seen was not.
    Failed,
    /// It did not begin: another runs, the guardian objects, or it is not the time for it.
    Refused,
    /// A person stopped it.
    Stopped,
    /// A vital reached a stop condition.
    Limit,
    /// The guardian of ethics objected.
    Veto,
    /// An automatic action stopped it.
    Action,
    /// Its time was over before its runner ended it.
    Overdue,
    /// Nothing was heard of its runner any more.
    Lost,
    /// The time in which experiments are allowed was over.
    Window,
}

/// What happened to an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ExperimentChange {
    /// It began.
    Begun,
    /// It did not begin.
    Refused,
    /// It is in another phase, or another dose is injected.
    Steered,
    /// An action holds its injection back.
    Paused,
    /// Nothing holds its injection back any more.
    Resumed,
    /// It ended.
    Ended,
    /// Its subject is simulated no more: samples of it come from elsewhere.
    Released,
}

impl Experiment {
    /// The id of the one that the entry `seq` of a partition asked for.
    pub fn id_of(partition: u16, seq: u64) -> String {
        format!("{partition}-{seq}.experiment")
    }

    /// The dose that takes effect now.
    pub const fn injected(&self) -> u8 {
        if self.paused.is_none() && self.ended.is_none() { self.dose } else { 0 }
    }
}

impl Outcome {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 10] = [
        Self::Passed,
        Self::Failed,
        Self::Refused,
        Self::Stopped,
        Self::Limit,
        Self::Veto,
        Self::Action,
        Self::Overdue,
        Self::Lost,
        Self::Window,
    ];

    /// The name in JSON and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Stopped => "stopped",
            Self::Limit => "limit",
            Self::Veto => "veto",
            Self::Action => "action",
            Self::Overdue => "overdue",
            Self::Lost => "lost",
            Self::Window => "window",
        }
    }
}

impl ExperimentChange {
    /// All of them, so that each is counted from zero.
    pub const ALL: [Self; 7] =
        [Self::Begun, Self::Refused, Self::Steered, Self::Paused, Self::Resumed, Self::Ended, Self::Released];

    /// The name in JSON and in ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Refused => "refused",
            Self::Steered => "steered",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Ended => "ended",
            Self::Released => "released",
        }
    }
}

impl StopCondition {
    /// Whether the value lies where the experiment must stop.
    pub fn is_met(&self, value: f64) -> bool {
        self.above.is_some_and(|bar| value > bar.get()) || self.below.is_some_and(|bar| value < bar.get())
    }
}
