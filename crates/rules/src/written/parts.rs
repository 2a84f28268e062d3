use domain::{Priority, Text, Vital};
use serde::Deserialize;
use yaml_file::{Findings, Scalar};

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

    /// P0, P1, P2.
    pub(crate) const fn in_order(&self) -> [&T; 3] {
        [&self.p0, &self.p1, &self.p2]
    }
}

/// Something for each vital.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EachVital<T> {
    clarity: T,
    chaos: T,
    trust: T,
    pain: T,
}

impl<T> EachVital<T> {
    pub(crate) const fn get(&self, vital: Vital) -> &T {
        match vital {
            Vital::Clarity => &self.clarity,
            Vital::Chaos => &self.chaos,
            Vital::Trust => &self.trust,
            Vital::Pain => &self.pain,
        }
    }
}

/// A sentence in both languages, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextFile {
    en: Scalar<String>,
    ru: Scalar<String>,
}

impl TextFile {
    /// Both sentences; one that is missing was told, and is empty here.
    pub fn read(&self, findings: &mut Findings) -> Text {
        let (en, ru) = (self.en.read(findings), self.ru.read(findings));
        Text { en: en.unwrap_or_default(), ru: ru.unwrap_or_default() }
    }
}
