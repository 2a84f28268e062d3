//! How each rule stands for a subject at a moment: what holds, what follows from it, and why something did not happen.

use conditions::{Condition, Truth};
use domain::{Alert, Language, Notification, Priority, Silence, Suppression, Text, Timestamp};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::phrases;
use crate::silences::Silences;
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
    /// The number that it looks at, if it looks at one: of an edge the latest value, of a burn the rate in its
    /// long window, of the staleness the seconds of silence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// What that number is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// For how long its condition has held so far, where something waits for that or has followed from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_seconds: Option<f64>,
    /// For how long it must hold before anything follows from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<f64>,
    /// Since when what it leads to has lasted, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Until when its cooldown lasts, while it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cooldown_until: Option<Timestamp>,
    /// The last time that it was suppressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppressed>,
    /// The id of its alert, while that fires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// Whether people were told of its alert; if not, until when and by what it is held back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<Notification>,
    /// The id of the more urgent alert for which Alertmanager holds this one back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inhibited_by: Option<String>,
    /// The silence that mutes its alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silenced: Option<Silence>,
}

impl RuleNow {
    /// A rule by the name `rule`, of which no more is known.
    pub(crate) fn plain(kind: RuleKind, rule: &str, holds: Option<bool>, why: Text, state: Text) -> Self {
        Self {
            kind,
            rule: rule.to_owned(),
            holds,
            why,
            state,
            value: None,
            threshold: None,
            held_seconds: None,
            for_seconds: None,
            since: None,
            cooldown_until: None,
            suppressed: None,
            alert: None,
            notification: None,
            inhibited_by: None,
            silenced: None,
        }
    }

    /// One that watches a vital of which no value ever came.
    pub(crate) fn never_measured(kind: RuleKind, rule: &str, threshold: f64) -> Self {
        let why = Text::new("never measured", "ни разу не измерялось");
        Self { threshold: Some(threshold), ..Self::plain(kind, rule, None, why, phrases::no_alert()) }
    }

    /// The same with its open alert. `inhibitor` is the critical alert of the subject of which people were told.
    pub(crate) fn with_alert(self, alert: &Alert, inhibitor: Option<&Alert>, now: Timestamp) -> Self {
        // Alertmanager knows only alerts that were handed to it.
        let is_sent = matches!(alert.notification, Notification::Sent { .. });
        let inhibitor = inhibitor.filter(|_| is_sent && alert.priority != Priority::P0);
        Self {
            state: phrases::firing(alert, inhibitor),
            since: Some(alert.since),
            held_seconds: (self.holds == Some(true)).then(|| now.since(alert.since).as_secs_f64()),
            alert: Some(alert.id.clone()),
            notification: Some(alert.notification),
            inhibited_by: inhibitor.map(|alert| alert.id.clone()),
            ..self
        }
    }

    /// The same under the silence that mutes its alerts, if one does.
    pub(crate) fn under(self, silences: &Silences) -> Self {
        let has_alerts = matches!(self.kind, RuleKind::Edge | RuleKind::Staleness | RuleKind::Burn);
        match silences.of(&self.rule).filter(|_| has_alerts) {
            Some(silence) => {
                Self { state: phrases::silenced(&self.state, silence), silenced: Some(silence.clone()), ..self }
            }
            None => self,
        }
    }

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
        let vocabulary = &context.rules.signals.vocabulary;
        let say = |language| condition.explain(slots.values(), vocabulary, language);
        let why = Text { en: say(Language::En), ru: say(Language::Ru) };
        Self::plain(kind, rule, holds, why, state)
    }
}

/// Whether Alertmanager holds back less urgent alerts of the subject while this one fires: if it is told of it.
pub(crate) const fn is_inhibitor(alert: &Alert) -> bool {
    matches!((alert.priority, alert.notification), (Priority::P0, Notification::Sent { .. }))
}

/// What is to be said of a condition from which nothing follows but by itself.
pub(crate) fn stand(condition: &Condition, slots: &Slots) -> Text {
    match condition.truth(slots.values()) {
        Truth::True => Text::new("the condition holds", "условие выполняется"),
        Truth::False => Text::new("the condition does not hold", "условие не выполняется"),
        Truth::Unknown => Text::new("too little is known to tell", "данных недостаточно"),
    }
}
