use std::time::Duration;

use domain::SeamKind;
use serde::Deserialize;
use yaml_file::{Entries, Scalar, present};

use super::{Formula, TextFile, Word};

/// `states.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatesFile {
    pub(crate) states: Entries<StateFile>,
    pub(crate) unknown: TextFile,
    pub(crate) dwell: Scalar<Duration>,
    pub(crate) strong_from: Scalar<f64>,
    pub(crate) bifurcation: BifurcationFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StateFile {
    pub(crate) name: TextFile,
    pub(crate) when: Scalar<Formula>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) dwell: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) into: Option<Scalar<Word<SeamKind>>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) out: Option<Scalar<Word<SeamKind>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BifurcationFile {
    pub(crate) reach: Scalar<f64>,
    pub(crate) cooldown: Scalar<Duration>,
}
