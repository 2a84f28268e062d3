use std::time::Duration;

use conditions::Kind;
use serde::Deserialize;
use yaml_file::{Entries, Located, Scalar, present};

use super::{Formula, TextFile, Word};

/// `signals.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalsFile {
    pub(crate) signals: Entries<SignalFile>,
    pub(crate) derived: Entries<DerivedFile>,
}

/// What producers send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignalFile {
    pub(crate) title: TextFile,
    #[serde(rename = "type")]
    pub(crate) kind: Scalar<Word<Kind>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) range: Option<Located<Vec<Scalar<f64>>>>,
}

/// What the engine works out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DerivedFile {
    pub(crate) title: TextFile,
    pub(crate) when: Scalar<Formula>,
    #[serde(rename = "for", default, deserialize_with = "present")]
    pub(crate) hold: Option<Scalar<Duration>>,
    #[serde(rename = "keep_for", default, deserialize_with = "present")]
    pub(crate) keep: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) duration: Option<Scalar<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) told: Option<Scalar<bool>>,
}
