//! The tone of a subject: the first whose condition holds, else neutral. It changes at once.

#[cfg(test)]
mod tests;

use conditions::Truth;
use domain::{Event, EventBody, Text, ToneNow};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::explain::{RuleKind, RuleNow, stand};
use crate::reason;
use crate::slots::{Look, Slots};

/// The tone that is none of the rules'. A subject begins with it.
const NEUTRAL: &str = "neutral";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tones {
    /// None before the first change.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<ToneNow>,
    /// Where the rules have it; none while it is neutral. Found again by its name after a restore.
    #[serde(skip)]
    place: Option<usize>,
    #[serde(skip)]
    look: Look,
}

impl Tones {
    /// Goes on under the rules in force. A tone that they no longer have becomes neutral.
    pub(crate) fn align(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        self.look = Look::default();
        self.place = context.rules.tones.iter().position(|tone| tone.id == self.name());
        if self.place.is_none() && self.name() != NEUTRAL {
            let reason = Text::new("the rules changed", "правила изменились");
            self.change(context, None, reason, events);
        }
    }

    /// Changes the tone, if another one holds.
    pub(crate) fn step(&mut self, context: &Context<'_>, slots: &Slots, events: &mut Vec<Event>) {
        if !slots.have_stirred_since(&mut self.look) {
            return;
        }
        let tones = &context.rules.tones;
        let place = tones.iter().position(|tone| tone.when.holds(slots.values()));
        if place == self.place {
            return;
        }
        let reason = match place.or(self.place).map(|place| &tones[place]) {
            Some(tone) if place.is_some() => reason::because(context.rules, slots, &tone.when, &tone.name),
            // Only what is known not to hold ends a tone: silence changes nothing.
            Some(tone) if tone.when.truth(slots.values()) == Truth::False => {
                reason::why(context.rules, slots, &tone.when)
            }
            _ => return,
        };
        self.change(context, place, reason, events);
    }

    /// The tone now; none before the first change, when it is neutral.
    pub(crate) const fn now(&self) -> Option<&ToneNow> {
        self.now.as_ref()
    }

    /// How each tone stands now.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        for (place, rule) in context.rules.tones.iter().enumerate() {
            let is_now = self.place == Some(place);
            let says = match (is_now, rule.when.truth(slots.values())) {
                (true, _) => Text::new("it is the tone now", "это тон сейчас"),
                (false, Truth::True) => Text::new("another one goes first", "другой тон впереди"),
                (false, _) => stand(&rule.when, slots),
            };
            let now = RuleNow::new(context, slots, RuleKind::Tone, &rule.id, &rule.when, says);
            out.push(RuleNow { since: self.now().filter(|_| is_now).map(|tone| tone.since), ..now });
        }
    }

    fn name(&self) -> &str {
        self.now.as_ref().map_or(NEUTRAL, |now| &now.tone)
    }

    fn change(&mut self, context: &Context<'_>, place: Option<usize>, reason: Text, events: &mut Vec<Event>) {
        let from = self.name().to_owned();
        let rule = place.map(|place| &context.rules.tones[place]);
        let tone = ToneNow {
            tone: rule.map_or(NEUTRAL, |rule| &rule.id).to_owned(),
            voice: rule.map(|rule| rule.voice),
            since: context.now,
        };
        (self.place, self.now) = (place, Some(tone.clone()));
        events.push(context.event(&format!("tone.{}", tone.tone), EventBody::Tone { from, tone, reason }));
    }
}
