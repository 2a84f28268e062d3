//! What is done by itself for a subject, how often, and what became of it outside.

mod explain;
mod limits;
#[cfg(test)]
mod tests;

use domain::{Action, Delivery, Event, EventBody, Reach, Timestamp};
use rules::{ActionRule, Interference};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::counts::Counts;
use crate::layout::Aligned;
use crate::slots::{Look, Slots};
use crate::voices::Voices;
use crate::{reason, timer};
use limits::ActionState;

/// So many actions of a subject may wait for their webhooks; of more, the oldest counts as failed.
const MAXIMUM_PENDING: usize = 16;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Actions {
    states: Aligned<ActionState>,
    /// Those that the webhooks have not taken yet, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pending: Vec<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake: Option<Timestamp>,
    #[serde(skip)]
    look: Look,
}

impl Actions {
    /// Goes on under the rules in force. An action is over when it is taken, so nothing ends.
    pub(crate) fn align(&mut self, context: &Context<'_>) {
        self.states.align(&context.layout.actions);
        self.look = Look::default();
    }

    /// Takes the actions whose conditions became true, or whose cooldowns ended, or what held them back, while they hold.
    pub(crate) fn step(
        &mut self,
        context: &Context<'_>,
        slots: &mut Slots,
        voices: &mut Voices,
        counts: &mut Counts,
        events: &mut Vec<Event>,
    ) {
        if !slots.have_stirred_since(&mut self.look) && self.wake.is_none_or(|wake| wake > context.now) {
            return;
        }
        self.wake = None;
        for (place, rule) in context.rules.actions.list.iter().enumerate() {
            let state = &mut self.states.items[place];
            let is_triggered = state.is_triggered(rule.when.holds(slots.values()), context.now);
            if is_triggered || state.is_waiting() {
                let held = limits::held_back(context, slots, &self.states.items, place);
                // What goes on waiting was counted when it began to.
                if is_triggered || held.is_none_or(|held| held.until.is_some()) {
                    counts.action(place, held.map(|held| held.why));
                    self.states.items[place].triggered(context, rule, held);
                    if held.is_none() {
                        self.take(context, (place, rule), slots, voices, events);
                    }
                }
            }
            if let Some(again) = self.states.items[place].again {
                timer::sooner(&mut self.wake, again);
            }
        }
    }

    /// The action that does this to experiments and whose effect lasts, until when. What stops them does so as long as there
    /// is a reason for it.
    pub(crate) fn in_effect<'a>(
        &self,
        context: &Context<'a>,
        interference: Interference,
    ) -> Option<(&'a ActionRule, Timestamp)> {
        let both = context.rules.actions.list.iter().zip(&self.states.items);
        let of_this = both.filter(|(rule, _)| rule.experiments == Some(interference));
        let has_reason = |state: &ActionState| state.holds || interference == Interference::Pause;
        let lasting = of_this.filter(|(_, state)| has_reason(state)).filter_map(|(rule, state)| {
            let until = state.taken.last()?.plus(rule.lasts);
            (until > context.now).then_some((rule, until))
        });
        lasting.max_by_key(|(_, until)| *until)
    }

    /// When time alone will next change something.
    pub(crate) const fn due(&self) -> Option<Timestamp> {
        self.wake
    }

    /// Takes in what became of the webhooks of an action. Nothing happens if it is not waiting for them.
    pub(crate) fn deliver(&mut self, context: &Context<'_>, id: &str, delivery: Delivery, events: &mut Vec<Event>) {
        if matches!(delivery, Delivery::Delivered | Delivery::Failed)
            && let Some(place) = self.pending.iter().position(|action| action.id == id)
        {
            events.push(delivered(context, self.pending.remove(place), delivery));
        }
    }

    /// The actions that the webhooks have not taken yet, the oldest first.
    pub(crate) fn pending(&self) -> &[Action] {
        &self.pending
    }

    /// What is being done about the subject: the actions that were taken within their cooldown and still have a reason.
    pub(crate) fn taken_lately<'a>(&'a self, rules: &'a rules::Rules, now: Timestamp) -> impl Iterator<Item = &'a str> {
        let both = rules.actions.list.iter().zip(&self.states.items);
        both.filter(move |(rule, state)| state.holds && state.cooldown_until(rule, now).is_some())
            .map(|(rule, _)| rule.id.as_str())
    }

    fn take(
        &mut self,
        context: &Context<'_>,
        (place, rule): (usize, &ActionRule),
        slots: &mut Slots,
        voices: &mut Voices,
        events: &mut Vec<Event>,
    ) {
        let name = format!("action.{}", rule.id);
        let (reach, delivery) = outcome(context, rule);
        let reason = reason::because(context.rules, slots, &rule.when, &rule.says);
        // It is told before what its voices do, with those of them that began.
        let told = events.len();
        let voices = voices.answer(context, (place, rule), &reason, slots, events);
        let action = Action {
            id: context.id(&name),
            action: rule.id.clone(),
            priority: rule.priority,
            at: context.now,
            reach,
            voices,
            parameters: rule.parameters.clone(),
            reason,
            delivery,
        };
        events.insert(told, context.event(&name, EventBody::Action { action: action.clone() }));
        if delivery == Delivery::Pending {
            if self.pending.len() == MAXIMUM_PENDING {
                events.push(delivered(context, self.pending.remove(0), Delivery::Failed));
            }
            self.pending.push(action);
        }
    }
}

/// How far it reaches, and whether a webhook is to be told.
fn outcome(context: &Context<'_>, rule: &ActionRule) -> (Reach, Delivery) {
    let is_told = |webhook: &rules::Webhook| webhook.actions.is_empty() || webhook.actions.contains(&rule.id);
    match (rule.reaches_outside, limits::is_dry(context, rule)) {
        (false, _) => (Reach::Inside, Delivery::None),
        (true, true) => (Reach::DryRun, Delivery::None),
        (true, false) if context.rules.actions.webhooks.iter().any(is_told) => (Reach::Outside, Delivery::Pending),
        (true, false) => (Reach::Outside, Delivery::None),
    }
}

/// An action has one end, so its id and the end name the event.
fn delivered(context: &Context<'_>, action: Action, delivery: Delivery) -> Event {
    let end = if delivery == Delivery::Delivered { "delivered" } else { "failed" };
    let id = format!("{}.{end}", action.id);
    let body = EventBody::Action { action: Action { delivery, ..action } };
    Event { id, subject: context.subject.clone(), at: context.now, body }
}
