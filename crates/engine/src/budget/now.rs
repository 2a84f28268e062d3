use domain::{Alert, Timestamp, Vital};
use rules::{Burn, Rules};
use serde::{Deserialize, Serialize};

use super::burn::{self, Rates};
use super::ring::{self, Measured};
use super::{Budgets, seconds};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::phrases;

/// The budget of a vital at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetNow {
    /// Of which vital.
    pub vital: Vital,
    /// The share of the time that it should be inside its OK zone, from 0 to 1.
    pub objective: f64,
    /// When the vital was first measured.
    pub measured_since: Timestamp,
    /// Over so many seconds up to now.
    pub period_seconds: f64,
    /// Seconds of them inside the OK zone.
    pub good_seconds: f64,
    /// Seconds outside.
    pub bad_seconds: f64,
    /// The share of the period in which it was measured, from 0 to 1.
    pub measured_ratio: f64,
    /// The share of the budget that is left: 1 is all of it, less than 0 is overdrawn. Time that was not measured earns
    /// none.
    pub remaining_ratio: f64,
    /// How fast it burns.
    pub burns: Vec<BurnNow>,
}

/// How fast a budget burns, beside what is too fast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BurnNow {
    /// The rule, e.g. `pain_burn_1h`.
    pub rule: String,
    /// It is too fast when both rates are above this.
    pub factor: f64,
    /// The length of the long window.
    pub long_seconds: f64,
    /// The length of the short window.
    pub short_seconds: f64,
    /// The rate in the long window: 1 would use up the budget just by the end of the period. None while too little was
    /// measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long: Option<f64>,
    /// The rate in the short window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short: Option<f64>,
    /// Whether its alert is open.
    pub firing: bool,
}

impl Budgets {
    /// The budgets of the vitals that were ever measured, at `now`.
    pub(crate) fn now(&self, rules: &Rules, now: Timestamp) -> Vec<BudgetNow> {
        let mut budgets = self.clone();
        budgets.account(now);
        Vital::ALL.into_iter().filter_map(|vital| budgets.of(rules, vital)).collect()
    }

    /// How each pair of windows stands. `inhibitor` is the critical alert of the subject of which people were told.
    pub(crate) fn explain(&self, context: &Context<'_>, inhibitor: Option<&Alert>, out: &mut Vec<RuleNow>) {
        let mut budgets = self.clone();
        budgets.account(context.now);
        let burns = &context.rules.objectives.burns;
        for (vital, burn) in Vital::ALL.into_iter().flat_map(|vital| burns.iter().map(move |burn| (vital, burn))) {
            out.push(match self.ledgers[vital.index()].from {
                Some(_) => budgets.explain_burn(context, vital, burn, inhibitor),
                None => RuleNow::never_measured(RuleKind::Burn, &burn::rule(vital, burn), burn.factor),
            });
        }
    }

    fn explain_burn(&self, context: &Context<'_>, vital: Vital, burn: &Burn, inhibitor: Option<&Alert>) -> RuleNow {
        let rates = self.rates(context.rules, vital, burn);
        let (rule, holds, why) = (burn::rule(vital, burn), rates.is_faster(burn.factor), phrases::pace(burn, rates));
        let now = RuleNow {
            value: rates.long,
            threshold: Some(burn.factor),
            ..RuleNow::plain(RuleKind::Burn, &rule, holds, why, phrases::no_alert())
        };
        match self.firing(vital, burn) {
            Some(alert) => now.with_alert(alert, inhibitor, context.now),
            None => now,
        }
    }

    /// The alerts that fire.
    pub(crate) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.burning.iter().filter_map(|burning| burning.watch.alert())
    }

    fn of(&self, rules: &Rules, vital: Vital) -> Option<BudgetNow> {
        let objectives = &rules.objectives;
        let objective = objectives.shares[vital.index()];
        let period_seconds = objectives.period.as_secs_f64();
        let Measured { good, bad } = self.measured(vital, objectives.period, ring::OF_PERIOD)?;
        let (good_seconds, bad_seconds) = (seconds(good), seconds(bad));
        let measured = good_seconds + bad_seconds;
        let used = if measured > 0.0 { bad_seconds / measured / (1.0 - objective) } else { 0.0 };
        let burns = objectives.burns.iter().map(|burn| {
            let Rates { long, short } = self.rates(rules, vital, burn);
            BurnNow {
                rule: burn::rule(vital, burn),
                factor: burn.factor,
                long_seconds: burn.long.as_secs_f64(),
                short_seconds: burn.short.as_secs_f64(),
                long,
                short,
                firing: self.firing(vital, burn).is_some(),
            }
        });
        Some(BudgetNow {
            vital,
            objective,
            measured_since: self.ledgers[vital.index()].from?,
            period_seconds,
            good_seconds,
            bad_seconds,
            // The present bucket comes on top of a whole period.
            measured_ratio: (measured / period_seconds).min(1.0),
            remaining_ratio: 1.0 - used,
            burns: burns.collect(),
        })
    }
}
