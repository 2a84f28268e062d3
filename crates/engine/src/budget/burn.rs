//! Alerts on budgets that burn too fast.

use std::time::Duration;

use domain::{Alert, Event, Timestamp, Vital};
use rules::{Burn, Rules};
use serde::{Deserialize, Serialize};

use super::ring::{self, Measured, Ring};
use super::{Budgets, Standing, after, seconds};
use crate::context::Context;
use crate::phrases;
use crate::watch::{self, Complaint, Watch};

/// An open alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Burning {
    pub(super) vital: Vital,
    /// The id of its pair of windows.
    pub(super) burn: Box<str>,
    pub(super) watch: Watch,
}

impl Burning {
    fn is_of(&self, vital: Vital, burn: &Burn) -> bool {
        self.vital == vital && *self.burn == *burn.id
    }
}

/// How fast the budget of a vital burns: 1 uses it up just at the end of the period. None where too little was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rates {
    pub(crate) long: Option<f64>,
    pub(crate) short: Option<f64>,
}

impl Rates {
    /// Whether it burns faster than `factor`; none when that is unknown.
    pub(super) fn is_faster(self, factor: f64) -> Option<bool> {
        let faster = |rate: Option<f64>| rate.map(|rate| rate > factor);
        match (faster(self.long), faster(self.short)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }
}

impl Budgets {
    pub(super) fn rates(&self, rules: &Rules, vital: Vital, burn: &Burn) -> Rates {
        let rate = |span| self.rate(rules, vital, span);
        Rates { long: rate(burn.long), short: rate(burn.short) }
    }

    /// The open alert on the vital for the burn.
    pub(super) fn firing(&self, vital: Vital, burn: &Burn) -> Option<&Alert> {
        self.burning.iter().find(|burning| burning.is_of(vital, burn))?.watch.alert()
    }

    /// Looks whether budgets burn too fast.
    pub(super) fn watch(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let rules = context.rules;
        for vital in Vital::ALL {
            if self.burning.is_empty() && !self.is_spoilt(vital) {
                continue;
            }
            for burn in &rules.objectives.burns {
                let open = self.burning.iter().position(|burning| burning.is_of(vital, burn));
                if open.is_none() && !self.may_open(vital, burn) {
                    continue;
                }
                let rates = self.rates(rules, vital, burn);
                match (open, rates.is_faster(burn.factor)) {
                    // Of a simulation that is over nothing more is told.
                    (None, Some(true)) if context.simulation.is_some_and(|simulation| simulation.is_over) => {}
                    (None, Some(true)) => {
                        let watch = Watch::open(context, complaint(context, vital, burn, rates), context.now, events);
                        self.burning.push(Burning { vital, burn: burn.id.as_str().into(), watch });
                    }
                    (Some(open), Some(true)) => self.burning[open].watch.hold_on(),
                    (Some(open), Some(false)) => {
                        self.burning[open].watch.let_go(context.now, Duration::ZERO, rules.minimum_hold);
                    }
                    // What is unknown opens nothing, and resolves nothing.
                    (_, None) | (None, Some(false)) => {}
                }
            }
        }
    }

    /// Lets open alerts go on, and ends those that are over.
    pub(super) fn elapse(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        if self.burning_due(context.rules).is_none_or(|due| due > context.now) {
            return;
        }
        self.burning_due = None;
        self.end(context, events, |burning| burning.watch.is_over(context.now));
        for burning in &mut self.burning {
            burning.watch.elapse(context, events);
        }
    }

    /// Silences began or ended, as the event `cause` tells.
    pub(crate) fn heed_silences(&mut self, context: &Context<'_>, cause: &str, events: &mut Vec<Event>) {
        self.burning_due = None;
        for burning in &mut self.burning {
            burning.watch.heed_silences(context, context.now, cause, events);
        }
    }

    /// Ends every alert.
    pub(crate) fn end_all(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        self.burning_due = None;
        self.end(context, events, |_| true);
    }

    /// Ends the alerts for which there is no rule any more.
    pub(super) fn end_unwatched(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let burns = &context.rules.objectives.burns;
        self.end(context, events, |burning| !burns.iter().any(|burn| burning.is_of(burning.vital, burn)));
    }

    fn end(&mut self, context: &Context<'_>, events: &mut Vec<Event>, is_over: impl Fn(&Burning) -> bool) {
        for mut burning in self.burning.extract_if(.., |burning| is_over(burning)) {
            events.extend(burning.watch.alert_mut().map(|alert| watch::resolve(alert, context.now)));
        }
    }

    /// Sets when to look again.
    pub(super) fn plan(&mut self, rules: &Rules) {
        self.burning_due = None;
        let narrowest = self.rings.iter().map(Ring::width).min();
        self.look = narrowest.map_or(Timestamp::from_micros(i64::MAX), |width| after(self.until, width));
        self.is_urgent = Vital::ALL.into_iter().filter(|vital| self.is_spoilt(*vital)).any(|vital| {
            let is_urgent = |burn| {
                self.may_open(vital, burn) || self.firing(vital, burn).is_some() && self.has_bad(vital, burn.long)
            };
            rules.objectives.burns.iter().any(is_urgent)
        });
    }

    /// When something happens to an open alert by time alone.
    pub(super) fn burning_due(&self, rules: &Rules) -> Option<Timestamp> {
        let work_out = || self.burning.iter().filter_map(|burning| burning.watch.due(rules)).min();
        self.burning_due.unwrap_or_else(work_out)
    }

    /// Whether anything bad is to be looked at: not so with a healthy vital.
    fn is_spoilt(&self, vital: Vital) -> bool {
        self.ledgers[vital.index()].standing == Standing::Bad || self.rings.iter().any(|ring| ring.has_bad(vital))
    }

    /// Whether an alert can open although nothing changes but the time.
    fn may_open(&self, vital: Vital, burn: &Burn) -> bool {
        self.ledgers[vital.index()].standing == Standing::Bad || self.has_bad(vital, burn.short)
    }

    fn has_bad(&self, vital: Vital, span: Duration) -> bool {
        self.ring(span, ring::OF_BURN).is_some_and(|ring| ring.has_bad(vital))
    }

    fn rate(&self, rules: &Rules, vital: Vital, span: Duration) -> Option<f64> {
        let Measured { good, bad } = self.measured(vital, span, ring::OF_BURN)?;
        let (measured, objectives) = (seconds(good + bad), &rules.objectives);
        let is_known = measured > 0.0 && measured >= objectives.measured * span.as_secs_f64();
        is_known.then(|| seconds(bad) / measured / (1.0 - objectives.shares[vital.index()]))
    }
}

/// The name of the rule, e.g. `pain_burn_1h`.
pub(super) fn rule(vital: Vital, burn: &Burn) -> String {
    format!("{vital}_{}", burn.id)
}

fn complaint(context: &Context<'_>, vital: Vital, burn: &Burn, rates: Rates) -> Complaint {
    let (rule, name) = (rule(vital, burn), vital.name());
    Complaint {
        id: context.id(&rule),
        rule,
        name: format!("{}{}{}", name[..1].to_uppercase(), &name[1..], burn.alert),
        vital: Some(vital),
        side: None,
        level: burn.priority.level(),
        priority: burn.priority,
        value: rates.long.unwrap_or_default(),
        threshold: burn.factor,
        since: context.now,
        actions: Vec::new(),
        summary: phrases::burn(context.subject, &context.rules.band(vital).name, burn, rates),
        description: burn.reason.clone(),
        recommendation: burn.recommendation.clone(),
    }
}
