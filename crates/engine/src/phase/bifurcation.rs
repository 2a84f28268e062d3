//! Moments at which a small move of the vitals would lead into any of several other states.

use std::cell::RefCell;
use std::time::Duration;

use conditions::Reach;
use domain::{Event, EventBody, Side, Timestamp, Vital};
use rules::{Edge, Rules, StateRule};
use serde::{Deserialize, Serialize};

use super::vitals;
use crate::context::Context;
use crate::slots::Slots;

/// It is looked for at most so often: a cross-roads is no matter of milliseconds.
const EVERY: Duration = Duration::from_secs(1);
/// So many other states make a bifurcation.
const SEVERAL: usize = 2;

thread_local! {
    /// The least and the greatest values while a box is looked at. Kept, so that looking allocates nothing.
    static CORNERS: RefCell<[Vec<f64>; 2]> = const { RefCell::new([Vec::new(), Vec::new()]) };
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Bifurcation {
    /// When to look again at the earliest.
    #[serde(default)]
    next: Timestamp,
    /// The states that were told and are still near: told again only when they are others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    told: Vec<Box<str>>,
}

impl Bifurcation {
    /// Looks where the vitals of a sample could lead. `present` is the state in which the subject is.
    pub(super) fn sample(
        &mut self,
        context: &Context<'_>,
        slots: &Slots,
        present: Option<&str>,
        events: &mut Vec<Event>,
    ) {
        if context.now < self.next {
            return;
        }
        self.next = context.now.plus(EVERY);
        let rules = context.rules;
        if slots.values()[..Vital::ALL.len()].iter().any(|vital| vital.is_nan()) {
            // Without a vital there is no state to be near to.
            return self.told.clear();
        }
        let near = CORNERS.with_borrow_mut(|[low, high]| {
            corners(rules, slots.values(), low, high);
            near(&rules.states.list, low, high)
        });
        let others = || {
            let near = numbered(&rules.states.list).filter(|(bit, _)| near & bit != 0);
            near.map(|(_, state)| state.id.as_str()).filter(|id| Some(*id) != present)
        };
        if others().count() < SEVERAL {
            self.told.clear();
        } else if !others().eq(self.told.iter().map(|told| &**told)) {
            self.told = others().map(Box::from).collect();
            self.next = context.now.plus(rules.states.bifurcation_cooldown.max(EVERY));
            let states = others().map(str::to_owned).collect();
            let body = EventBody::Bifurcation { states, vitals: vitals(slots) };
            events.push(context.event("bifurcation", body));
        }
    }
}

/// The box into which the vitals may move.
fn corners(rules: &Rules, values: &[f64], low: &mut Vec<f64>, high: &mut Vec<f64>) {
    let reach = rules.states.bifurcation_reach;
    for (corner, reach) in [(&mut *low, -reach), (&mut *high, reach)] {
        corner.clear();
        corner.extend_from_slice(values);
        for value in &mut corner[..Vital::ALL.len()] {
            // Decimal fractions are not exact: 0.35 and 0.05 shall reach 0.4.
            *value = billionths((*value + reach).clamp(0.0, 1.0));
        }
    }
    // The one flag that depends on the vitals alone moves with them: all of the box is within OK if its outermost corners
    // are, some of it is if its innermost ones are.
    let slot = rules.signals.engine.all_vitals_ok.index();
    let (always, sometimes) = (is_ok(rules, low, high), is_ok(rules, high, low));
    (low[slot], high[slot]) = (f64::from(u8::from(always)), f64::from(u8::from(sometimes)));
}

fn billionths(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// Whether none of the vitals is beyond an edge, when those of `lowest` are held against the lower edges, of `highest` against
/// the upper ones.
fn is_ok(rules: &Rules, lowest: &[f64], highest: &[f64]) -> bool {
    Vital::ALL.into_iter().all(|vital| {
        let (lowest, highest) = (lowest[vital.index()], highest[vital.index()]);
        let is_beyond = |edge: &Edge| edge.is_beyond(if edge.side == Side::Low { lowest } else { highest });
        !rules.band(vital).edges.iter().any(is_beyond)
    })
}

/// The states that may hold in the box, as bits. One that holds all over it hides those after it.
fn near(states: &[StateRule], low: &[f64], high: &[f64]) -> u64 {
    let mut near = 0;
    for (bit, state) in numbered(states) {
        match state.when.within(low, high) {
            Reach::Never => {}
            Reach::Sometimes => near |= bit,
            Reach::Always => return near | bit,
        }
    }
    near
}

/// Each state with a bit of its own; there are not as many states as bits.
fn numbered(states: &[StateRule]) -> impl Iterator<Item = (u64, &StateRule)> {
    (0..u64::BITS).map(|place| 1 << place).zip(states)
}
