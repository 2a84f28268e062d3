use std::time::Duration;

use domain::Priority;
use serde::Deserialize;
use yaml_file::{Located, Scalar};

use super::{EachVital, TextFile, Word};

/// `objectives` of `slo-thresholds-matrix.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectivesFile {
    pub(crate) shares: EachVital<Scalar<f64>>,
    pub(crate) period: Scalar<Duration>,
    pub(crate) measured: Scalar<f64>,
    pub(crate) burns: Vec<Located<BurnFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BurnFile {
    pub(crate) factor: Scalar<f64>,
    pub(crate) long: Scalar<Duration>,
    pub(crate) short: Scalar<Duration>,
    pub(crate) priority: Scalar<Word<Priority>>,
    pub(crate) reason: TextFile,
    pub(crate) recommendation: TextFile,
}
