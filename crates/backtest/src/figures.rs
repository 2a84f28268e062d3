use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Serialize, Serializer};

/// What a figure is about, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// An alert fired.
    Alert,
    /// Somebody was told of an alert.
    Told,
    /// An alert was shown somewhere, and nobody called.
    Shown,
    /// The traffic light of the subject.
    Light,
    /// The level of a vital.
    Level,
    /// An automatic action was taken.
    Action,
    /// An automatic action was not taken although its condition became true.
    ActionSuppressed,
    /// A voice was active.
    Voice,
    /// Two voices were in conflict.
    Conflict,
    /// The state of the subject.
    State,
    /// The tone of the subject.
    Tone,
    /// A derived signal was true.
    Signal,
    /// A symbol was performed.
    Symbol,
    /// A symbol was not performed although its condition became true.
    SymbolSuppressed,
    /// Several other states were near.
    Bifurcation,
}

impl Area {
    /// The word before a name, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Told => "told",
            Self::Shown => "shown",
            Self::Light => "light",
            Self::Level => "level",
            Self::Action => "action",
            Self::ActionSuppressed => "action not taken",
            Self::Voice => "voice",
            Self::Conflict => "conflict",
            Self::State => "state",
            Self::Tone => "tone",
            Self::Signal => "signal",
            Self::Symbol => "symbol",
            Self::SymbolSuppressed => "symbol not performed",
            Self::Bifurcation => "bifurcation",
        }
    }
}

/// How often something began within a period, and how long it was so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// How often it began. What was so before the period began is not counted, though its time is.
    pub times: u64,
    /// For how long; nothing for what takes no time.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub lasting: Duration,
}

fn seconds<S: Serializer>(lasting: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(lasting.as_secs_f64())
}

/// Everything that was so within a period, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<(Area, String), Figure>);

impl Figures {
    /// Something began so many times.
    pub fn count(&mut self, area: Area, name: String, times: u64) {
        self.0.entry((area, name)).or_default().times += times;
    }

    /// Something was so, for so long.
    pub fn lasted(&mut self, area: Area, name: String, lasting: Duration) {
        self.0.entry((area, name)).or_default().lasting += lasting;
    }

    /// Adds those of another subject.
    pub fn add(&mut self, others: &Self) {
        for (key, other) in &others.0 {
            let figure = self.0.entry(key.clone()).or_default();
            figure.times += other.times;
            figure.lasting += other.lasting;
        }
    }

    /// How often anything of an area began.
    pub fn times(&self, area: Area) -> u64 {
        self.0.iter().filter(|((of, _), _)| *of == area).map(|(_, figure)| figure.times).sum()
    }

    /// All of them, in the order in which they are shown.
    pub fn iter(&self) -> impl Iterator<Item = (Area, &str, Figure)> {
        self.0.iter().map(|((area, name), figure)| (*area, name.as_str(), *figure))
    }
}

/// A figure that is another one under other rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about.
    pub area: Area,
    /// Its name within the area.
    pub name: String,
    /// Under the rules in force.
    pub in_force: Figure,
    /// Under the rules that are tried.
    pub candidate: Figure,
}

/// What differs, in the order in which it is shown.
pub fn differences(in_force: &Figures, candidate: &Figures) -> Vec<Difference> {
    let keys: BTreeSet<_> = in_force.0.keys().chain(candidate.0.keys()).collect();
    let of = |figures: &Figures, key| figures.0.get(key).copied().unwrap_or_default();
    keys.into_iter()
        .map(|key| Difference {
            area: key.0,
            name: key.1.clone(),
            in_force: of(in_force, key),
            candidate: of(candidate, key),
        })
        .filter(|difference| difference.in_force != difference.candidate)
        .collect()
}
