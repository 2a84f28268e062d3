//! What can be expected, and how it is compared.

use engine::{RuleKind, RuleNow};

use crate::item::Detail;

/// The keys of an expectation, by the names that are documented in docs/rule-tests.md and docs/experiments.md.
#[expect(missing_docs, reason = "each is what its name says, and documented where it is written")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
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
    Strengths,
    Harmony,
    Readiness,
    Actions,
    Parameters,
    Suppressed,
    Symbols,
    Tone,
    State,
    Seams,
    Seam,
    VoicesBefore,
    VoicesAfter,
    Bifurcations,
    Budgets,
    Reasons,
    Vitals,
    Artifacts,
    Experiment,
    Phase,
    Dose,
}

impl Key {
    /// As it is written.
    pub const fn name(self) -> &'static str {
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
            Self::Strengths => "strengths",
            Self::Harmony => "harmony",
            Self::Readiness => "readiness",
            Self::Actions => "actions",
            Self::Parameters => "parameters",
            Self::Suppressed => "suppressed",
            Self::Symbols => "symbols",
            Self::Tone => "tone",
            Self::State => "state",
            Self::Seams => "seams",
            Self::Seam => "seam",
            Self::VoicesBefore => "voices_before",
            Self::VoicesAfter => "voices_after",
            Self::Bifurcations => "bifurcations",
            Self::Budgets => "budgets",
            Self::Reasons => "reasons",
            Self::Vitals => "vitals",
            Self::Artifacts => "artifacts",
            Self::Experiment => "experiment",
            Self::Phase => "phase",
            Self::Dose => "dose",
        }
    }

    /// Whether only the engine itself can tell it when it is asked, so that nobody sees it from outside.
    pub const fn is_of_the_engine(self) -> bool {
        matches!(self, Self::Suppressed | Self::Budgets)
    }

    /// What may be said of each thing besides its name, in this order.
    pub(crate) const fn details(self) -> &'static [Detail] {
        match self {
            Self::Alerts => &[Detail::Step, Detail::At],
            Self::Artifacts => &[Detail::As],
            Self::Told => &[Detail::Step, Detail::To, Detail::By],
            Self::Voices => &[Detail::By, Detail::To],
            Self::Conflicts => &[Detail::LedBy],
            Self::Actions => &[Detail::As, Detail::At],
            Self::Seams => &[Detail::As],
            Self::Symbols | Self::Tone => &[Detail::By],
            _ => &[],
        }
    }

    /// Whether only what is named is compared, and the rest may be as it likes. Else the list is complete, in any order.
    pub(crate) const fn is_partial(self) -> bool {
        match self {
            Self::Levels | Self::Signals | Self::Moods | Self::Activity | Self::Strengths | Self::Parameters => true,
            Self::Suppressed | Self::Seam | Self::Budgets | Self::Reasons | Self::Vitals => true,
            Self::Light | Self::Alerts | Self::Told | Self::Voices | Self::Leader | Self::Conflicts => false,
            Self::Synergies | Self::Harmony | Self::Readiness | Self::Actions | Self::Symbols | Self::Tone => false,
            Self::State | Self::Seams | Self::VoicesBefore | Self::VoicesAfter | Self::Bifurcations => false,
            Self::Artifacts | Self::Experiment | Self::Phase | Self::Dose => false,
        }
    }

    /// The kinds of events that explain it.
    pub const fn events(self) -> &'static [&'static str] {
        match self {
            Self::Levels | Self::Light => &["levels"],
            Self::Alerts | Self::Told => &["alert"],
            Self::Signals => &["signal"],
            Self::Voices | Self::Leader | Self::Moods => &["voice", "conflict"],
            Self::Activity | Self::Synergies | Self::Strengths | Self::Harmony | Self::Readiness => {
                &["voice", "conflict", "chorus"]
            }
            Self::Conflicts => &["conflict"],
            Self::Actions | Self::Parameters | Self::Suppressed => &["action"],
            Self::Symbols => &["symbol"],
            Self::Tone => &["tone"],
            Self::State | Self::Seams | Self::Seam | Self::VoicesBefore | Self::VoicesAfter => &["seam"],
            Self::Bifurcations => &["bifurcation"],
            Self::Budgets => &["levels", "account"],
            Self::Vitals => &["levels"],
            Self::Artifacts => &["alert", "artifact"],
            Self::Experiment | Self::Phase | Self::Dose => &["experiment"],
            Self::Reasons => &["signal", "voice", "conflict", "action", "symbol", "tone", "seam"],
        }
    }

    /// Whether `rule` decides about `item`, e.g. the triggers of Kayn about `kayn by kayn.1`.
    pub fn is_about(self, rule: &RuleNow, item: &str) -> bool {
        let name = item.split([' ', '@', ':']).next().unwrap_or_default();
        match self {
            Self::Signals => rule.kind == RuleKind::Signal && rule.rule == name,
            Self::Voices | Self::Leader => {
                let is_of_voices = matches!(rule.kind, RuleKind::Trigger | RuleKind::StandDown);
                is_of_voices && rule.rule.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
            }
            Self::Actions | Self::Suppressed | Self::Symbols => {
                matches!(rule.kind, RuleKind::Action | RuleKind::Symbol) && rule.rule == name
            }
            Self::Tone => rule.kind == RuleKind::Tone && rule.rule == name,
            Self::State | Self::Seams => {
                rule.kind == RuleKind::State && item.split(' ').any(|state| rule.rule == state)
            }
            Self::Alerts | Self::Told => rule.kind == RuleKind::Burn && rule.rule == name,
            _ => false,
        }
    }
}
