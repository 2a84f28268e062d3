//! The tests as they are written; `compile` makes them into [`Case`](super::case::Case)s.

use std::time::Duration;

use serde::Deserialize;
use stories::{CommandFile, ExpectFile, SampleFile};
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
    pub(super) commands: Vec<Located<CommandFile>>,
    pub(super) expect: Vec<Located<ExpectFile>>,
}
