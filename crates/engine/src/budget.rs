//! Error budgets: for how long each vital was inside its OK zone, and whether too little of its budget is left, too soon.
//!
//! What a verdict says holds until the next one. Time in which a vital is stale, or was never judged, is not measured: it
//! counts as neither good nor bad.

mod burn;
mod now;
mod ring;

use std::time::Duration;

use domain::{Alert, Event, EventBody, Level, Timestamp, Verdict, Vital};
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use burn::Burning;
pub(crate) use burn::Rates;
pub use now::{BudgetNow, BurnNow};
use ring::{Measured, Ring, Spoilt};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The budgets of a subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Budgets {
    /// Until when all time is accounted for.
    until: Timestamp,
    /// When the last day was closed: at midnight, or when the first sample came.
    closed: Timestamp,
    ledgers: [Ledger; 4],
    /// One for each span that the objectives look back over.
    rings: Vec<Ring>,
    /// The alerts that are open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    burning: Vec<Burning>,
    /// When time alone next changes one of them; none where that is to be worked out anew.
    #[serde(skip)]
    burning_due: Option<Option<Timestamp>>,
    /// When the narrowest bucket is over: then it is looked whether a budget burns.
    #[serde(skip)]
    look: Timestamp,
    /// Whether time alone is to bring that about.
    #[serde(skip)]
    is_urgent: bool,
    /// When the day will be over.
    #[serde(skip)]
    midnight: Timestamp,
}

/// One vital.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Ledger {
    /// What has held since all time was accounted for.
    standing: Standing,
    /// When it was first measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Timestamp>,
    /// Microseconds inside and outside OK since the last day was closed.
    #[serde(default, skip_serializing_if = "is_zero")]
    good: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    bad: i64,
}

impl Ledger {
    /// Whether anything was or is being measured since the last day was closed.
    fn has_any(&self) -> bool {
        self.standing != Standing::Unmeasured || self.good + self.bad > 0
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(micros: &i64) -> bool {
    *micros == 0
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    #[default]
    Unmeasured,
    Good,
    Bad,
}

impl Standing {
    fn of(verdict: &Verdict, vital: Vital) -> Self {
        match verdict.get(vital) {
            Some(verdict) if verdict.stale => Self::Unmeasured,
            Some(verdict) if verdict.level == Level::Ok => Self::Good,
            Some(_) => Self::Bad,
            None => Self::Unmeasured,
        }
    }
}

impl Budgets {
    /// Puts everything where the rules in force have it. Alerts on budgets that they no longer watch end.
    pub(crate) fn align(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let spans = ring::spans(&context.rules.objectives);
        let mut since = Timestamp::default();
        if self.until != since && spans.iter().any(|(span, buckets)| self.ring(*span, *buckets).is_none()) {
            // Of a span that is looked back over for the first time nothing is known from before: what has held until now
            // belongs to the others.
            since = context.now;
            self.account(since);
        }
        let mut known = std::mem::take(&mut self.rings);
        self.rings = spans
            .into_iter()
            .map(|(span, buckets)| match known.iter().position(|ring| ring.is_of(span, buckets)) {
                Some(place) => known.swap_remove(place),
                None => Ring::new(span, buckets, since),
            })
            .collect();
        self.end_unwatched(context, events);
        self.midnight = after(self.closed, DAY);
        self.plan(context.rules);
    }

    /// Takes in the present verdict: after every sample, and after time alone.
    pub(crate) fn step(&mut self, context: &Context<'_>, verdict: &Verdict, events: &mut Vec<Event>) {
        let is_over = self.look <= context.now;
        let standings = Vital::ALL.map(|vital| Standing::of(verdict, vital));
        let has_changed = self.ledgers.iter().zip(standings).any(|(ledger, standing)| ledger.standing != standing);
        if is_over || has_changed {
            self.account(context.now);
            for (ledger, standing) in self.ledgers.iter_mut().zip(standings) {
                ledger.standing = standing;
                if standing != Standing::Unmeasured {
                    ledger.from.get_or_insert(context.now);
                }
            }
            if is_over {
                self.rings.iter_mut().for_each(|ring| ring.forget(context.now));
                self.watch(context, events);
            }
            self.plan(context.rules);
        }
        self.elapse(context, events);
        self.burning_due = Some(self.burning_due(context.rules));
        if self.midnight <= context.now {
            self.close_day(context, events);
        }
    }

    fn close_day(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        self.account(context.now);
        let from = std::mem::replace(&mut self.closed, context.now);
        self.midnight = after(self.closed, DAY);
        for (vital, ledger) in Vital::ALL.into_iter().zip(&mut self.ledgers) {
            let (good, bad) = (std::mem::take(&mut ledger.good), std::mem::take(&mut ledger.bad));
            if good + bad > 0 {
                let from = ledger.from.map_or(from, |first| first.max(from));
                let body = EventBody::Account { vital, from, good: seconds(good), bad: seconds(bad) };
                events.push(context.event(&format!("account.{vital}"), body));
            }
        }
    }

    /// When it is to be looked by time alone whether a budget burns, or a day is to be closed in which something was
    /// measured. A healthy subject needs no other looking after.
    pub(crate) fn due(&self, rules: &Rules) -> Option<Timestamp> {
        let look = self.is_urgent.then_some(self.look);
        let midnight = self.ledgers.iter().any(Ledger::has_any).then_some(self.midnight);
        self.burning_due(rules).into_iter().chain(look).chain(midnight).min()
    }

    /// The open alert with this id.
    pub(crate) fn alert_mut(&mut self, id: &str) -> Option<&mut Alert> {
        self.burning_due = None;
        self.burning.iter_mut().filter_map(|burning| burning.watch.alert_mut()).find(|alert| alert.id == id)
    }

    fn ring(&self, span: Duration, buckets: i64) -> Option<&Ring> {
        self.rings.iter().find(|ring| ring.is_of(span, buckets))
    }

    /// What was measured of a vital in the latest span of time; none if it never was.
    fn measured(&self, vital: Vital, span: Duration, buckets: i64) -> Option<Measured> {
        let from = self.ledgers[vital.index()].from?;
        Some(self.ring(span, buckets)?.measured(vital, from, self.until))
    }

    /// Accounts for all time until `now`.
    fn account(&mut self, now: Timestamp) {
        let (from, to) = (self.until.as_micros(), now.as_micros());
        if to <= from {
            return;
        }
        for (vital, ledger) in Vital::ALL.into_iter().zip(&mut self.ledgers) {
            let spoilt = match ledger.standing {
                Standing::Good => {
                    ledger.good += to - from;
                    continue;
                }
                Standing::Bad => {
                    ledger.bad += to - from;
                    Spoilt::Bad
                }
                Standing::Unmeasured if ledger.from.is_none() => continue,
                Standing::Unmeasured => Spoilt::Blind,
            };
            self.rings.iter_mut().for_each(|ring| ring.spoil(vital, spoilt, from, to));
        }
        self.until = now;
    }
}

/// The names of the rules that watch budgets.
pub(crate) fn burn_rules(rules: &Rules) -> impl Iterator<Item = String> {
    let burns = &rules.objectives.burns;
    Vital::ALL.into_iter().flat_map(|vital| burns.iter().map(move |burn| burn::rule(vital, burn)))
}

/// The first multiple of `width` microseconds since 1970 that lies after `at`.
fn after(at: Timestamp, width: i64) -> Timestamp {
    Timestamp::from_micros((at.as_micros().div_euclid(width) + 1).saturating_mul(width))
}

#[expect(clippy::cast_precision_loss, reason = "a century has fewer than 2^53 microseconds")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

#[cfg(test)]
mod tests;
