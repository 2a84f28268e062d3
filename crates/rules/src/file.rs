//! The rules as they are written; `compile` makes them into [`Rules`](crate::Rules).

use std::time::Duration;

use domain::{Priority, Side, Text, Vital};
use serde::Deserialize;
use yaml_file::{Findings, Located, OneOr, Scalar, present};

use crate::beyond::{Beyond, Urgency};

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RulesFile {
    pub(crate) defaults: DefaultsFile,
    pub(crate) staleness: StalenessFile,
    pub(crate) vitals: Located<VitalsFile>,
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

/// Something for each priority.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EachPriority<T> {
    #[serde(rename = "P0")]
    p0: T,
    #[serde(rename = "P1")]
    p1: T,
    #[serde(rename = "P2")]
    p2: T,
}

impl<T> EachPriority<T> {
    pub(crate) const fn get(&self, priority: Priority) -> &T {
        match priority {
            Priority::P0 => &self.p0,
            Priority::P1 => &self.p1,
            Priority::P2 => &self.p2,
        }
    }

    pub(crate) fn map<U>(&self, mut change: impl FnMut(&T) -> U) -> EachPriority<U> {
        EachPriority { p0: change(&self.p0), p1: change(&self.p1), p2: change(&self.p2) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StalenessFile {
    pub(crate) after: Scalar<Duration>,
    pub(crate) priority: Scalar<Urgency>,
    pub(crate) reason: TextFile,
    pub(crate) recommendation: TextFile,
}

/// Each is needed, but a missing one should not hide what is wrong with the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VitalsFile {
    clarity: Option<Located<BandFile>>,
    chaos: Option<Located<BandFile>>,
    trust: Option<Located<BandFile>>,
    pain: Option<Located<BandFile>>,
}

impl VitalsFile {
    pub(crate) const fn get(&self, vital: Vital) -> Option<&Located<BandFile>> {
        match vital {
            Vital::Clarity => self.clarity.as_ref(),
            Vital::Chaos => self.chaos.as_ref(),
            Vital::Trust => self.trust.as_ref(),
            Vital::Pain => self.pain.as_ref(),
        }
    }
}

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

/// A sentence in both languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextFile {
    en: Scalar<String>,
    ru: Scalar<String>,
}

impl TextFile {
    /// Both sentences; one that is missing was told, and is empty here.
    pub(crate) fn read(&self, findings: &mut Findings) -> Text {
        let (en, ru) = (self.en.read(findings), self.ru.read(findings));
        Text { en: en.unwrap_or_default(), ru: ru.unwrap_or_default() }
    }
}
