//! How everything stands for a subject at a moment, and why.

use domain::{Text, Vital};

use super::{STALE_RULE, SubjectState};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::vital::VitalState;
use crate::vital::explain::firing;
use crate::watch::Watch;
use crate::wording;

impl SubjectState {
    /// Every rule, in the order in which they are looked at.
    pub(crate) fn explain(&self, context: &Context<'_>) -> Vec<RuleNow> {
        let mut out = Vec::new();
        let is_urgent = self.vitals.iter().flatten().any(VitalState::is_urgent);
        for vital in Vital::ALL {
            if let Some(state) = &self.vitals[vital.index()] {
                state.explain(context, context.rules.band(vital), self.is_stale(vital), is_urgent, &mut out);
            }
        }
        out.push(self.explain_silence(context, is_urgent));
        self.derived.explain(context, &self.slots, &mut out);
        self.voices.explain(context, &self.slots, &mut out);
        self.actions.explain(context, &self.slots, &mut out);
        self.symbols.explain(context, &self.slots, &mut out);
        self.tones.explain(context, &self.slots, &mut out);
        self.phase.explain(context, &self.slots, &mut out);
        self.budgets.explain(context, is_urgent, &mut out);
        out
    }

    fn explain_silence(&self, context: &Context<'_>, is_urgent: bool) -> RuleNow {
        let silent: Vec<Vital> = Vital::ALL.into_iter().filter(|vital| self.is_stale(*vital)).collect();
        let alert = self.silence.as_ref().and_then(Watch::alert);
        let why = match silent.is_empty() {
            true => Text::new("every vital speaks", "все показатели поступают"),
            false => wording::silence(context.subject, &silent, self.verdict.is_stale(), context.rules.staleness.after),
        };
        RuleNow {
            kind: RuleKind::Staleness,
            rule: STALE_RULE.to_owned(),
            holds: Some(!silent.is_empty()),
            why,
            state: alert.map_or_else(|| Text::new("no alert", "тревоги нет"), |alert| firing(alert, is_urgent)),
            since: alert.map(|alert| alert.since),
            cooldown_until: None,
            suppressed: None,
        }
    }
}
