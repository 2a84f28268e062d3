//! How everything stands for a subject at a moment, and why.

use domain::{Alert, Text, Vital};

use super::{STALE_RULE, SubjectState};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow, is_inhibitor};
use crate::reason;
use crate::vital::explain::never_measured;
use crate::watch::Watch;
use crate::{phrases, wording};

impl SubjectState {
    /// Every rule, in the order in which they are looked at.
    pub(crate) fn explain(&self, context: &Context<'_>) -> Vec<RuleNow> {
        let mut out = Vec::new();
        let inhibitor = self.alerts().find(|alert| is_inhibitor(alert));
        for vital in Vital::ALL {
            let band = context.rules.band(vital);
            match &self.vitals[vital.index()] {
                Some(state) => state.explain(context, band, self.is_stale(vital), inhibitor, &mut out),
                None => never_measured(band, &mut out),
            }
        }
        out.push(self.explain_staleness(context, inhibitor));
        self.derived.explain(context, &self.slots, &mut out);
        self.voices.explain(context, &self.slots, &mut out);
        self.actions.explain(context, &self.slots, &mut out);
        self.symbols.explain(context, &self.slots, &mut out);
        self.tones.explain(context, &self.slots, &mut out);
        self.phase.explain(context, &self.slots, &mut out);
        self.budgets.explain(context, inhibitor, &mut out);
        out.into_iter().map(|now| now.under(&self.silences)).collect()
    }

    /// Every alert that fires.
    pub(super) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        let of_vitals = self.vitals.iter().flatten().flat_map(|vital| vital.alerts());
        of_vitals.chain(self.stale.as_ref().and_then(Watch::alert)).chain(self.budgets.alerts())
    }

    fn explain_staleness(&self, context: &Context<'_>, inhibitor: Option<&Alert>) -> RuleNow {
        let after = context.rules.staleness.after;
        let silent: Vec<Vital> = Vital::ALL.into_iter().filter(|vital| self.is_stale(*vital)).collect();
        let why = match silent.is_empty() {
            true => Text::new("every vital speaks", "все показатели поступают"),
            false => {
                let names = reason::names(context.rules, &silent);
                wording::silence(context.subject, &names, self.verdict.is_stale(), after)
            }
        };
        // Of those that ever spoke, the one that has been silent for longest.
        let seen = self.vitals.iter().flatten().map(|vital| vital.seen).min();
        let now = RuleNow {
            value: seen.map(|seen| context.now.since(seen).as_secs_f64()),
            threshold: Some(after.as_secs_f64()),
            ..RuleNow::plain(RuleKind::Staleness, STALE_RULE, Some(!silent.is_empty()), why, phrases::no_alert())
        };
        match self.stale.as_ref().and_then(Watch::alert) {
            Some(alert) => now.with_alert(alert, inhibitor, context.now),
            None => now,
        }
    }
}
