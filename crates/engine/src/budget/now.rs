use domain::{Timestamp, Vital};
use rules::Rules;
use serde::{Deserialize, Serialize};

use super::burn::{self, Rates};
use super::ring::{self, Measured};
use super::{Budgets, seconds};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::phrases;
use crate::vital::explain::firing;

/// The budget of a vital at a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BudgetNow {
    /// Of which vital.
    pub vital: Vital,
    /// The share of the time that it should be inside its OK zone, from 0 to 1.
    pub objective: f64,
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

    /// How each pair of windows stands. `is_urgent` tells whether a critical alert of the subject fires.
    pub(crate) fn explain(&self, context: &Context<'_>, is_urgent: bool, out: &mut Vec<RuleNow>) {
        let mut budgets = self.clone();
        budgets.account(context.now);
        for vital in Vital::ALL.into_iter().filter(|vital| self.ledgers[vital.index()].from.is_some()) {
            for burn in &context.rules.objectives.burns {
                let rates = budgets.rates(context.rules, vital, burn);
                let alert = self.firing(vital, burn);
                out.push(RuleNow {
                    kind: RuleKind::Burn,
                    rule: burn::rule(vital, burn),
                    holds: rates.is_faster(burn.factor),
                    why: phrases::pace(burn, rates),
                    state: alert.map_or_else(phrases::no_alert, |alert| firing(alert, is_urgent)),
                    since: alert.map(|alert| alert.since),
                    cooldown_until: None,
                    suppressed: None,
                });
            }
        }
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
