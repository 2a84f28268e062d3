//! The tests as they are written; `compile` makes them into [`Case`](super::case::Case)s.

use std::time::Duration;

use domain::{Outcome, Simulated, StopCondition};
use serde::Deserialize;
use stories::{ExpectFile, SampleFile};
use yaml_file::{Located, Scalar, present};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestsFile {
    #[serde(default, deserialize_with = "present")]
    pub(super) rules: Option<Scalar<String>>,
    pub(super) tests: Vec<Located<TestFile>>,
}

/// One test.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestFile {
    pub(super) name: Scalar<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) subject: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) start: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) every: Option<Scalar<Duration>>,
    pub(super) samples: Vec<Located<SampleFile>>,
    #[serde(default)]
    pub(super) commands: Vec<Located<TestCommandFile>>,
    pub(super) expect: Vec<Located<ExpectFile>>,
}

/// What a person does at a moment, or the runner of an experiment: one of `acknowledge`, `experiment`, `steer`, `conclude`,
/// and what belongs to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestCommandFile {
    pub(super) at: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(super) acknowledge: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) by: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) experiment: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) simulated: Option<Simulated>,
    #[serde(default, deserialize_with = "present")]
    pub(super) lasts: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) stop: Option<Vec<Located<StopCondition>>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) steer: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) dose: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) until: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) conclude: Option<Located<Outcome>>,
}
