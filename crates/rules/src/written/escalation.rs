use std::time::Duration;

use domain::{Channel, Priority};
use serde::Deserialize;
use yaml_file::{Located, Scalar, present};

use super::{EachPriority, Moment, TextFile, Word};

/// `escalation.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EscalationFile {
    pub(crate) chains: EachPriority<Located<Vec<Located<StepFile>>>>,
    pub(crate) acknowledge_timeouts: EachPriority<Scalar<Duration>>,
    pub(crate) maintenance: Vec<WindowFile>,
    pub(crate) chaos: Vec<WindowFile>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) experiments: Option<ExperimentsFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExperimentsFile {
    pub(crate) anytime: Vec<Scalar<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepFile {
    pub(crate) after: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) role: Option<Scalar<String>>,
    #[serde(default)]
    pub(crate) channels: Vec<Scalar<Word<Channel>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowFile {
    pub(crate) name: TextFile,
    pub(crate) begins: Scalar<Moment>,
    pub(crate) lasts: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) mutes: Option<Located<Vec<Scalar<Word<Priority>>>>>,
}
