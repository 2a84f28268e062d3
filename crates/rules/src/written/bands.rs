use std::time::Duration;

use domain::{Priority, Side};
use serde::Deserialize;
use yaml_file::{Located, OneOr, Scalar, present};

use super::objectives::ObjectivesFile;
use super::{Beyond, EachPriority, EachVital, TextFile, Word};

/// `slo-thresholds-matrix.yml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BandsFile {
    pub(crate) defaults: DefaultsFile,
    pub(crate) staleness: StalenessFile,
    pub(crate) vitals: Located<VitalsFile>,
    pub(crate) objectives: ObjectivesFile,
}

/// What holds unless an edge or a vital says otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefaultsFile {
    #[serde(rename = "for")]
    pub(crate) hold: EachPriority<Scalar<Duration>>,
    #[serde(rename = "keep_firing_for")]
    pub(crate) keep_firing: EachPriority<Scalar<Duration>>,
    pub(crate) minimum_hold: Scalar<Duration>,
    pub(crate) hysteresis: Scalar<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StalenessFile {
    pub(crate) after: Scalar<Duration>,
    pub(crate) priority: Scalar<Word<Priority>>,
    pub(crate) reason: TextFile,
    pub(crate) recommendation: TextFile,
}

/// Each is needed, but a missing one should not hide what is wrong with the others.
pub(crate) type VitalsFile = EachVital<Option<Located<BandFile>>>;

/// One vital.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BandFile {
    pub(crate) name: TextFile,
    pub(crate) optimum: Located<Vec<Scalar<f64>>>,
    pub(crate) target: Scalar<f64>,
    pub(crate) cooldown: Scalar<Duration>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) hysteresis: Option<Scalar<f64>>,
    #[serde(default, deserialize_with = "present")]
    low: Option<SideFile>,
    #[serde(default, deserialize_with = "present")]
    high: Option<SideFile>,
}

impl BandFile {
    pub(crate) const fn side(&self, side: Side) -> Option<&SideFile> {
        match side {
            Side::Low => self.low.as_ref(),
            Side::High => self.high.as_ref(),
        }
    }

    /// Whether no edge is written, right or wrong.
    pub(crate) fn has_no_edges(&self) -> bool {
        let sides = [self.low.as_ref(), self.high.as_ref()];
        sides.into_iter().flatten().all(|side| Priority::ALL.into_iter().all(|priority| side.edge(priority).is_none()))
    }
}

/// One side of a band; its texts are for the edges that have none of their own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SideFile {
    #[serde(default, deserialize_with = "present")]
    warn: Option<OneOr<Beyond, EdgeFile>>,
    #[serde(default, deserialize_with = "present")]
    block: Option<OneOr<Beyond, EdgeFile>>,
    #[serde(default, deserialize_with = "present")]
    critical: Option<OneOr<Beyond, EdgeFile>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) reason: Option<TextFile>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) recommendation: Option<TextFile>,
}

impl SideFile {
    pub(crate) const fn edge(&self, priority: Priority) -> Option<&OneOr<Beyond, EdgeFile>> {
        match priority {
            Priority::P0 => self.critical.as_ref(),
            Priority::P1 => self.block.as_ref(),
            Priority::P2 => self.warn.as_ref(),
        }
    }
}

/// An edge that says more than where it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EdgeFile {
    pub(crate) beyond: Scalar<Beyond>,
    #[serde(rename = "for", default, deserialize_with = "present")]
    pub(crate) hold: Option<Scalar<Duration>>,
    #[serde(rename = "keep_firing_for", default, deserialize_with = "present")]
    pub(crate) keep_firing: Option<Scalar<Duration>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) reason: Option<TextFile>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) recommendation: Option<TextFile>,
}
