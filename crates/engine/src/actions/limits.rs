//! How often an action may be taken, and what else may hold it back.

use std::time::Duration;

use domain::{Simulated, Suppression, Timestamp};
use rules::ActionRule;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::explain::Suppressed;
use crate::slots::Slots;

const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ActionState {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) holds: bool,
    /// When it was taken within the hour before the last time, and the last time; at most as often as is allowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) taken: Vec<Timestamp>,
    /// When it is triggered again if its condition still holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) again: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppressed: Option<Suppressed>,
    /// Whether the last time was a dry run.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    was_dry: bool,
}

/// What holds an action back.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldBack {
    pub(super) why: Suppression,
    /// Until when; none where that is for a flag or for the rules to say.
    pub(super) until: Option<Timestamp>,
}

impl ActionState {
    /// Takes in whether the condition holds, and answers whether this triggers the action.
    pub(super) fn is_triggered(&mut self, holds: bool, now: Timestamp) -> bool {
        let held = std::mem::replace(&mut self.holds, holds);
        if !holds {
            self.again = None;
        }
        (holds && !held) || self.again.is_some_and(|again| again <= now)
    }

    /// Whether it has a reason, and waits for a flag or for other rules to let it.
    pub(super) const fn is_waiting(&self) -> bool {
        self.holds && self.again.is_none()
    }

    /// Remembers what came of a trigger. While the condition holds, the next one follows when its cooldown ends, or what held
    /// it back: so that is not forgotten as long as there is a reason for it.
    pub(super) fn triggered(&mut self, context: &Context<'_>, rule: &ActionRule, held: Option<HeldBack>) {
        let now = context.now;
        self.again = match held {
            Some(HeldBack { why, until }) => {
                self.suppressed = Some(Suppressed { at: now, why });
                until
            }
            None => {
                self.taken.retain(|at| at.plus(HOUR) > now);
                self.taken.push(now);
                self.was_dry = is_dry(context, rule);
                Some(now.plus(rule.cooldown))
            }
        };
    }

    pub(super) fn cooldown_until(&self, rule: &ActionRule, now: Timestamp) -> Option<Timestamp> {
        self.taken.last().map(|at| at.plus(rule.cooldown)).filter(|until| *until > now)
    }

    /// Until when it was taken as often as is allowed within an hour.
    fn used_up_until(&self, rule: &ActionRule, now: Timestamp) -> Option<Timestamp> {
        let mut ends = self.taken.iter().map(|at| at.plus(HOUR)).filter(|end| *end > now);
        let spare = ends.clone().count().checked_sub(usize::from(rule.an_hour))?;
        ends.nth(spare)
    }

    /// Until when its effect lasts, if that is in the way of an action that `is_dry`: a dry run has none outside.
    fn in_the_way_until(&self, rule: &ActionRule, is_dry: bool, now: Timestamp) -> Option<Timestamp> {
        let until = self.taken.last()?.plus(rule.lasts);
        (until > now && (is_dry || !self.was_dry)).then_some(until)
    }
}

/// Whether an action is only tried: because the rules say so, or because nothing real is behind the subject.
pub(super) fn is_dry(context: &Context<'_>, rule: &ActionRule) -> bool {
    rule.is_dry_run || context.simulation.is_some_and(|simulation| simulation.reach == Simulated::Inbox)
}

/// What holds the action at `place` back now. Of several reasons, the one that is hardest to wait for.
pub(super) fn held_back(
    context: &Context<'_>,
    slots: &Slots,
    states: &[ActionState],
    place: usize,
) -> Option<HeldBack> {
    let (rules, now) = (context.rules, context.now);
    let (rule, state) = (&rules.actions.list[place], &states[place]);
    let by = |why: Suppression| move |until: Timestamp| HeldBack { why, until: Some(until) };
    if !rules.actions.is_enabled {
        return Some(HeldBack { why: Suppression::SwitchedOff, until: None });
    }
    if rule.obeys_veto && rules.voices.veto.when.holds(slots.values()) {
        return Some(HeldBack { why: Suppression::Veto, until: None });
    }
    excluded_until(context, states, place)
        .map(by(Suppression::Exclusive))
        .or_else(|| state.used_up_until(rule, now).map(by(Suppression::Budget)))
        .or_else(|| state.cooldown_until(rule, now).map(by(Suppression::Cooldown)))
}

/// Until when the effects of actions last that work against this one.
fn excluded_until(context: &Context<'_>, states: &[ActionState], place: usize) -> Option<Timestamp> {
    let (rules, now) = (context.rules, context.now);
    let list = &rules.actions.list;
    let is_dry = is_dry(context, &list[place]);
    let others = rules.actions.exclusive.iter().filter(|group| group.contains(&place)).flatten();
    let others = others.filter(|other| **other != place);
    others.filter_map(|other| states[*other].in_the_way_until(&list[*other], is_dry, now)).max()
}
