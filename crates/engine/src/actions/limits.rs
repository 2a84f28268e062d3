//! How often an action may be taken, and what else may hold it back.

use std::time::Duration;

use domain::{Suppression, Timestamp};
use rules::{ActionRule, Rules};
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

    /// Remembers what came of a trigger. While the condition holds, the next one follows a cooldown later: so what was
    /// held back is not forgotten as long as there is a reason for it.
    pub(super) fn triggered(&mut self, rule: &ActionRule, now: Timestamp, suppressed: Option<Suppression>) {
        match suppressed {
            Some(why) => self.suppressed = Some(Suppressed { at: now, why }),
            None => {
                self.taken.retain(|at| at.plus(HOUR) > now);
                self.taken.push(now);
            }
        }
        let again = self.cooldown_until(rule, now).unwrap_or(now.plus(rule.cooldown));
        self.again = (again > now).then_some(again);
    }

    pub(super) fn cooldown_until(&self, rule: &ActionRule, now: Timestamp) -> Option<Timestamp> {
        self.taken.last().map(|at| at.plus(rule.cooldown)).filter(|until| *until > now)
    }

    fn is_used_up(&self, rule: &ActionRule, now: Timestamp) -> bool {
        self.taken.iter().filter(|at| at.plus(HOUR) > now).count() >= usize::from(rule.an_hour)
    }
}

/// Why the action at `place` may not be taken now. Of several reasons, the one that is hardest to wait for.
pub(super) fn suppression(
    context: &Context<'_>,
    slots: &Slots,
    states: &[ActionState],
    place: usize,
) -> Option<Suppression> {
    let (rules, now) = (context.rules, context.now);
    let (rule, state) = (&rules.actions.list[place], &states[place]);
    if !rules.actions.is_enabled {
        Some(Suppression::SwitchedOff)
    } else if rule.obeys_veto && rules.voices.veto.when.holds(slots.values()) {
        Some(Suppression::Veto)
    } else if is_excluded(rules, states, place, now) {
        Some(Suppression::Exclusive)
    } else if state.is_used_up(rule, now) {
        Some(Suppression::Budget)
    } else {
        state.cooldown_until(rule, now).map(|_| Suppression::Cooldown)
    }
}

fn is_excluded(rules: &Rules, states: &[ActionState], place: usize, now: Timestamp) -> bool {
    let others = rules.actions.exclusive.iter().filter(|group| group.contains(&place)).flatten();
    let is_cooling = |other: &usize| states[*other].cooldown_until(&rules.actions.list[*other], now).is_some();
    others.filter(|other| **other != place).any(is_cooling)
}
