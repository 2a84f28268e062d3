//! One voice of one subject: how strongly its conditions hold, why it is active, and what holds it back.

use domain::{Activation, Event, EventBody, StoodDown, Text, Timestamp, Urgency, Voice};
use rules::{ActionRule, Trigger, VoiceRule};
use serde::{Deserialize, Serialize};

use super::active::{Active, By};
use crate::context::Context;
use crate::polyphony::Polyphony;
use crate::slots::Slots;
use crate::{reason, timer};

/// An active voice is at least this active.
pub(super) const ACTIVE: f64 = 0.5;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct VoiceState {
    /// In thousandths, so that it is short on the disk and the same after a restore.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) activity: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<Box<Active>>,
    /// When its latest activation ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_active: Option<Timestamp>,
    /// At most one for each urgency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cooldowns: Vec<Cooldown>,
}

/// Triggers as urgent or less are held back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Cooldown {
    urgency: Urgency,
    until: Timestamp,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(activity: &f64) -> bool {
    *activity == 0.0
}

impl VoiceState {
    /// Why it is active.
    pub(crate) fn activation(&self) -> Option<&Activation> {
        self.active.as_ref().map(|active| &active.activation)
    }

    /// Finds what activated it in the rules. Without it the voice stands down.
    pub(super) fn align(&mut self, context: &Context<'_>, voice: Voice, slots: &Slots, events: &mut Vec<Event>) {
        let Some(active) = &mut self.active else { return };
        active.by = By::named(context.rules, voice, &active.activation.by);
        if active.by == By::Nothing {
            self.stand_down(context, voice, StoodDown::RulesChanged, slots, events);
        }
    }

    /// Takes in how strongly its conditions hold.
    pub(super) fn hear(&mut self, rule: &VoiceRule, values: &[f64]) {
        let strengths = rule.triggers.iter().map(|trigger| trigger.when.strength(values));
        let floor = if self.active.is_some() { ACTIVE } else { 0.0 };
        self.activity = thousandths(strengths.fold(floor, f64::max));
    }

    /// Begins or ends its activation, if it is time, and answers whether it did. `wake` becomes the moment at which
    /// time alone may do so.
    pub(super) fn judge(
        &mut self,
        context: &Context<'_>,
        voice: Voice,
        slots: &Slots,
        polyphony: &Polyphony,
        wake: &mut Option<Timestamp>,
        events: &mut Vec<Event>,
    ) -> bool {
        let rule = context.rules.voices.get(voice);
        let end = self.active.as_mut().and_then(|active| active.end(context, rule, slots.values(), wake));
        if let Some(how) = end {
            self.stand_down(context, voice, how, slots, events);
        }
        // What holds is at least half as strong as can be. Only of those that listen to the others this may have changed
        // since it was heard.
        let may_begin = self.active.is_none() && (self.activity >= ACTIVE || context.layout.listeners[voice.index()]);
        let trigger = if may_begin { self.pressing(context, rule, slots.values(), wake) } else { None };
        if let Some((place, trigger)) = trigger {
            let mut reason = reason::because(context.rules, slots, &trigger.when, &trigger.says);
            polyphony.add_who(context.rules, slots, &trigger.when, &mut reason);
            let activation = Activation {
                id: context.id(&begin_name(voice)),
                since: context.now,
                by: trigger.id.clone(),
                urgency: trigger.urgency,
                response: trigger.response.clone(),
                reason,
            };
            self.activate(context, voice, By::Trigger(place), activation, events);
        }
        end.is_some() || trigger.is_some()
    }

    /// Begins an activation by an automatic action, unless the voice is active or stands down.
    pub(super) fn answer(
        &mut self,
        context: &Context<'_>,
        voice: Voice,
        (place, action): (usize, &ActionRule),
        reason: &Text,
        slots: &Slots,
        events: &mut Vec<Event>,
    ) -> bool {
        let rule = context.rules.voices.get(voice);
        if self.active.is_some() || rule.stands_down.holds(slots.values()) {
            return false;
        }
        let response = rule.triggers.first().map_or(&action.id, |trigger| &trigger.response);
        let activation = Activation {
            id: context.id(&begin_name(voice)),
            since: context.now,
            by: action.id.clone(),
            urgency: Urgency::High,
            response: response.clone(),
            reason: reason.clone(),
        };
        self.activate(context, voice, By::Action(place), activation, events);
        true
    }

    /// Until when triggers of this urgency are held back.
    pub(super) fn held_until(&self, urgency: Urgency, now: Timestamp) -> Option<Timestamp> {
        let holding = self.cooldowns.iter().filter(|cooldown| cooldown.urgency >= urgency && cooldown.until > now);
        holding.map(|cooldown| cooldown.until).max()
    }

    /// The most urgent trigger that holds and is not held back, unless the voice stands down.
    fn pressing<'a>(
        &self,
        context: &Context<'a>,
        rule: &'a VoiceRule,
        values: &[f64],
        wake: &mut Option<Timestamp>,
    ) -> Option<(usize, &'a Trigger)> {
        let mut pressing: Option<(usize, &Trigger)> = None;
        let mut release = None;
        for (place, trigger) in rule.triggers.iter().enumerate().filter(|(_, trigger)| trigger.when.holds(values)) {
            match self.held_until(trigger.urgency, context.now) {
                Some(until) => timer::sooner(&mut release, until),
                None if pressing.is_some_and(|(_, other)| other.urgency >= trigger.urgency) => {}
                None => pressing = Some((place, trigger)),
            }
        }
        if (pressing.is_none() && release.is_none()) || rule.stands_down.holds(values) {
            return None;
        }
        if pressing.is_none() {
            release.into_iter().for_each(|until| timer::sooner(wake, until));
        }
        pressing
    }

    fn activate(
        &mut self,
        context: &Context<'_>,
        voice: Voice,
        by: By,
        activation: Activation,
        events: &mut Vec<Event>,
    ) {
        self.activity = self.activity.max(ACTIVE);
        let body = EventBody::Voice { voice, activation: activation.clone(), stood_down: None };
        events.push(context.event(&begin_name(voice), body));
        self.active = Some(Box::new(Active::new(activation, by)));
    }

    fn stand_down(
        &mut self,
        context: &Context<'_>,
        voice: Voice,
        how: StoodDown,
        slots: &Slots,
        events: &mut Vec<Event>,
    ) {
        let Some(ended) = self.active.take() else { return };
        let rule = context.rules.voices.get(voice);
        // From now on it is only as active as its conditions hold.
        self.hear(rule, slots.values());
        self.last_active = Some(context.now);
        if let By::Trigger(place) = ended.by {
            self.cool_down(&rule.triggers[place], context.now);
        }
        let body = EventBody::Voice { voice, activation: ended.activation, stood_down: Some(how) };
        events.push(context.event(&format!("{}.end", begin_name(voice)), body));
    }

    fn cool_down(&mut self, trigger: &Trigger, now: Timestamp) {
        // Those that go on belong to less urgent triggers: as urgent ones were held back until theirs was over.
        self.cooldowns.retain(|other| other.until > now);
        self.cooldowns.push(Cooldown { urgency: trigger.urgency, until: now.plus(trigger.cooldown) });
    }
}

/// The event's name; an end adds to it.
fn begin_name(voice: Voice) -> String {
    format!("voice.{}", voice.name())
}

/// Rounded to three digits. For numbers that are not negative: much faster than `round`.
pub(crate) fn thousandths(number: f64) -> f64 {
    (number * 1_000.0 + 0.5) as u32 as f64 / 1_000.0
}
