//! What a test can expect, and how it is compared.

use super::item::Detail;

/// The keys of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Levels,
    Light,
    Alerts,
    Told,
    Signals,
    Voices,
    Leader,
    Moods,
    Activity,
    Conflicts,
    Synergies,
    Harmony,
    Readiness,
    Actions,
    Suppressed,
    Symbols,
    Tone,
    State,
    Seams,
    Bifurcations,
}

impl Key {
    /// As it is written.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Levels => "levels",
            Self::Light => "light",
            Self::Alerts => "alerts",
            Self::Told => "told",
            Self::Signals => "signals",
            Self::Voices => "voices",
            Self::Leader => "leader",
            Self::Moods => "moods",
            Self::Activity => "activity",
            Self::Conflicts => "conflicts",
            Self::Synergies => "synergies",
            Self::Harmony => "harmony",
            Self::Readiness => "readiness",
            Self::Actions => "actions",
            Self::Suppressed => "suppressed",
            Self::Symbols => "symbols",
            Self::Tone => "tone",
            Self::State => "state",
            Self::Seams => "seams",
            Self::Bifurcations => "bifurcations",
        }
    }

    /// What may be said of each thing besides its name, in this order.
    pub(super) const fn details(self) -> &'static [Detail] {
        match self {
            Self::Alerts => &[Detail::Step],
            Self::Told => &[Detail::Step, Detail::To, Detail::By],
            Self::Voices => &[Detail::By, Detail::To],
            Self::Conflicts => &[Detail::LedBy],
            Self::Actions | Self::Seams => &[Detail::As],
            Self::Symbols | Self::Tone => &[Detail::By],
            _ => &[],
        }
    }

    /// Whether only what is named is compared, and the rest may be as it likes. Else the list is complete, in any order.
    pub(super) const fn is_partial(self) -> bool {
        matches!(self, Self::Levels | Self::Signals | Self::Moods | Self::Activity | Self::Suppressed)
    }

    /// The kinds of events that explain it.
    pub(super) const fn events(self) -> &'static [&'static str] {
        match self {
            Self::Levels | Self::Light => &["levels"],
            Self::Alerts | Self::Told => &["alert"],
            Self::Signals => &["signal"],
            Self::Voices | Self::Leader | Self::Moods => &["voice", "conflict"],
            Self::Activity | Self::Synergies | Self::Harmony | Self::Readiness => &["voice", "conflict", "chorus"],
            Self::Conflicts => &["conflict"],
            Self::Actions | Self::Suppressed => &["action"],
            Self::Symbols => &["symbol"],
            Self::Tone => &["tone"],
            Self::State | Self::Seams => &["seam"],
            Self::Bifurcations => &["bifurcation"],
        }
    }
}
