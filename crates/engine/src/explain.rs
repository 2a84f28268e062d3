//! How each rule stands for a subject at a moment: what holds, what follows from it, and why something did not happen.

use conditions::{Condition, Detail, Truth};
use domain::{Language, Suppression, Text, Timestamp};
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::slots::Slots;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RuleKind {
    /// An edge of a band.
    Edge,
    /// The silence of a subject.
    Staleness,
    /// A derived signal.
    Signal,
    /// What activates a voice.
    Trigger,
    /// When a voice stands down.
    StandDown,
    /// The right of a voice to stop things.
    Veto,
    /// An automatic action.
    Action,
    /// A ritual.
    Symbol,
    /// A tonal mode.
    Tone,
    /// A phase.
    State,
    /// A budget that burns too fast.
    Burn,
}

/// Something that was not done although its condition became true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suppressed {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: Suppression,
}

/// How one rule stands now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RuleNow {
    /// What it is about.
    pub kind: RuleKind,
    /// Its name, e.g. `kayn.1` or `stabilize_system`.
    pub rule: String,
    /// Whether its condition holds; none while too little is known to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<bool>,
    /// The condition with the present values in it.
    pub why: Text,
    /// What follows from it, one sentence.
    pub state: Text,
    /// Since when what it leads to has lasted, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Until when its cooldown lasts, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_until: Option<Timestamp>,
    /// The last time that it was suppressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppressed>,
}

impl RuleNow {
    /// A rule by the name `rule`, and what its condition says now.
    pub(crate) fn new(
        context: &Context<'_>,
        slots: &Slots,
        kind: RuleKind,
        rule: &str,
        condition: &Condition,
        state: Text,
    ) -> Self {
        let holds = match condition.truth(slots.values()) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        };
        let why = explained(context.rules, slots, condition, Detail::Whole);
        Self { kind, rule: rule.to_owned(), holds, why, state, since: None, cooldown_until: None, suppressed: None }
    }
}

/// A condition with the present values in it, in both languages.
pub(crate) fn explained(rules: &Rules, slots: &Slots, condition: &Condition, detail: Detail) -> Text {
    let say = |language| condition.explain(slots.values(), &rules.signals.vocabulary, language, detail);
    Text { en: say(Language::En), ru: say(Language::Ru) }
}

/// What is to be said of a condition from which nothing follows but by itself.
pub(crate) fn stand(condition: &Condition, slots: &Slots) -> Text {
    match condition.truth(slots.values()) {
        Truth::True => Text::new("the condition holds", "условие выполняется"),
        Truth::False => Text::new("the condition does not hold", "условие не выполняется"),
        Truth::Unknown => Text::new("too little is known to tell", "данных недостаточно"),
    }
}
