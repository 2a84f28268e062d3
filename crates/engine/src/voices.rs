//! The seven voices of a subject: who is active and why, how they sound together, and what of it is told.

mod active;
mod chorus;
mod explain;
mod voice;

#[cfg(test)]
mod tests;

use domain::{Event, Text, Timestamp, Voice};
use rules::ActionRule;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::polyphony::Polyphony;
use crate::slots::{Look, Slots};
use chorus::Told;
pub(crate) use voice::{VoiceState, thousandths};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Voices {
    voices: [VoiceState; 7],
    polyphony: Polyphony,
    /// The latest chorus that was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<Told>,
    /// Whether something was told since, within this step, that belongs into a chorus.
    #[serde(skip)]
    has_news: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wake: Option<Timestamp>,
    #[serde(skip)]
    look: Look,
    /// Whether there is something to ask although nothing stirs: what began at a moment may end at the next.
    #[serde(skip)]
    is_restless: bool,
}

impl Voices {
    /// Goes on under the rules in force, and fills the slots that belong to the voices.
    pub(crate) fn align(&mut self, context: &Context<'_>, slots: &mut Slots, events: &mut Vec<Event>) {
        self.look = Look::default();
        let before = events.len();
        for (voice, state) in Voice::ALL.into_iter().zip(&mut self.voices) {
            state.align(context, voice, slots, events);
        }
        self.polyphony.align(context, &self.voices, events);
        self.polyphony.measure(context.rules, &self.voices, slots);
        self.has_news |= events.len() > before;
    }

    /// Hears the conditions, settles conflicts, and lets voices begin and end. A beginning or an end may lead to
    /// another one: the voices are asked twice at most, so that they cannot drive each other for ever.
    pub(crate) fn step(&mut self, context: &Context<'_>, slots: &mut Slots, events: &mut Vec<Event>) {
        for (state, rule) in self.voices.iter_mut().zip(&context.rules.voices.voices) {
            state.hear(rule, slots.values());
        }
        self.has_news |= self.polyphony.sound(context, &self.voices, slots, events);
        let is_time = self.is_restless || self.wake.is_some_and(|wake| wake <= context.now);
        if !slots.have_stirred_since(&mut self.look) && !is_time {
            return;
        }
        let has_settled = (0..2).any(|_| !self.judge(context, slots, events));
        self.is_restless = !has_settled || self.has_begun(context.now);
    }

    /// Lets the voices of an action begin that was taken because of `reason`, and answers which did.
    pub(crate) fn answer(
        &mut self,
        context: &Context<'_>,
        (place, action): (usize, &ActionRule),
        reason: &Text,
        slots: &mut Slots,
        events: &mut Vec<Event>,
    ) -> Vec<Voice> {
        let mut begun = action.voices.clone();
        begun.retain(|voice| {
            let state = &mut self.voices[voice.index()];
            state.answer(context, *voice, (place, action), reason, slots, events)
        });
        if !begun.is_empty() {
            self.has_news = true;
            self.is_restless = true;
            self.polyphony.sound(context, &self.voices, slots, events);
            self.judge(context, slots, events);
        }
        begun
    }

    /// Tells the chorus: at once if something of it was told, else when it is noticeably different and some time is over.
    /// It needs no timer for that: whoever's samples change the voices brings the moment with a sample.
    pub(crate) fn conclude(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let has_news = std::mem::take(&mut self.has_news);
        let (now, polyphony) = (context.now, &context.rules.voices.polyphony);
        let is_due = self.told.as_ref().is_none_or(|told| {
            let differs = || told.differs(&self.voices, self.polyphony.leader, polyphony.told_change);
            has_news || (told.at.plus(polyphony.told_every) <= now && differs())
        });
        if !is_due {
            return;
        }
        self.told = Some(Told::now(now, &self.voices, self.polyphony.leader));
        let chorus = self.chorus(context.rules);
        events.push(context.event("chorus", domain::EventBody::Chorus { chorus }));
    }

    fn has_begun(&self, now: Timestamp) -> bool {
        self.voices.iter().filter_map(VoiceState::activation).any(|activation| activation.since == now)
    }

    /// When time alone will next change something.
    pub(crate) const fn due(&self) -> Option<Timestamp> {
        self.wake
    }

    /// Which voices are active, in the order of [`Voice::ALL`].
    pub(crate) fn active(&self) -> [bool; 7] {
        std::array::from_fn(|index| self.voices[index].activation().is_some())
    }

    /// Lets every voice begin or end, and answers whether one did.
    fn judge(&mut self, context: &Context<'_>, slots: &mut Slots, events: &mut Vec<Event>) -> bool {
        self.wake = None;
        let mut has_changed = false;
        let Self { voices, polyphony, wake, .. } = self;
        for (voice, state) in Voice::ALL.into_iter().zip(voices) {
            has_changed |= state.judge(context, voice, slots, polyphony, wake, events);
        }
        if has_changed {
            self.has_news = true;
            self.polyphony.sound(context, &self.voices, slots, events);
        }
        has_changed
    }
}
