//! Rituals: each is performed when its condition becomes true, within its limits.

#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::{Event, EventBody, Suppression, Text, Timestamp};
use rules::Symbol;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::counts::Counts;
use crate::explain::{RuleKind, RuleNow, Suppressed, stand};
use crate::layout::Aligned;
use crate::reason;
use crate::slots::{Look, Slots};

const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Symbols {
    states: Aligned<SymbolState>,
    /// The one that was performed last, and how many times in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    latest: Option<(Box<str>, u8)>,
    #[serde(skip)]
    look: Look,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct SymbolState {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    holds: bool,
    /// When it was performed within the hour before the last time, and the last time, if its rule limits that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    performed: Vec<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<Suppressed>,
}

impl Symbols {
    /// Goes on under the rules in force. A symbol is over when it is performed, so nothing ends.
    pub(crate) fn align(&mut self, context: &Context<'_>) {
        self.states.align(&context.layout.symbols);
        self.look = Look::default();
    }

    /// Performs the symbols whose conditions became true.
    pub(crate) fn step(&mut self, context: &Context<'_>, slots: &Slots, counts: &mut Counts, events: &mut Vec<Event>) {
        if !slots.have_stirred_since(&mut self.look) {
            return;
        }
        for (place, rule) in context.rules.symbols.iter().enumerate() {
            let holds = rule.when.holds(slots.values());
            let held = std::mem::replace(&mut self.states.items[place].holds, holds);
            if !holds || held {
                continue;
            }
            let why = self.suppression(rule, place, context.now);
            counts.symbol(place, why);
            match why {
                Some(why) => self.states.items[place].suppressed = Some(Suppressed { at: context.now, why }),
                None => self.perform(context, slots, rule, place, events),
            }
        }
    }

    /// How each symbol stands now.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        for (place, (rule, state)) in context.rules.symbols.iter().zip(&self.states.items).enumerate() {
            let says = match self.suppression(rule, place, context.now) {
                _ if state.holds => Text::new(
                    "it is performed again when its condition becomes true anew",
                    "исполняется снова, когда условие станет истинным ещё раз",
                ),
                Some(Suppression::Echo) => Text::new(
                    "not performed: it was the last one too many times in a row, another has its turn",
                    "не исполняется: звучал слишком много раз подряд, очередь другого",
                ),
                Some(_) => Text::new(
                    "not performed: it was performed as often as is allowed within an hour",
                    "не исполняется: исчерпано разрешённое число раз за час",
                ),
                None => stand(&rule.when, slots),
            };
            let now = RuleNow::new(context, slots, RuleKind::Symbol, &rule.id, &rule.when, says);
            out.push(RuleNow { suppressed: state.suppressed, ..now });
        }
    }

    fn suppression(&self, rule: &Symbol, place: usize, now: Timestamp) -> Option<Suppression> {
        let is_echo = |(name, times): &(Box<str>, u8)| **name == *rule.id && *times >= rule.in_a_row;
        if self.latest.as_ref().is_some_and(is_echo) {
            return Some(Suppression::Echo);
        }
        let recent = self.states.items[place].performed.iter().filter(|at| at.plus(HOUR) > now).count();
        rule.an_hour.is_some_and(|most| recent >= usize::from(most)).then_some(Suppression::Budget)
    }

    fn perform(&mut self, context: &Context<'_>, slots: &Slots, rule: &Symbol, place: usize, events: &mut Vec<Event>) {
        match &mut self.latest {
            Some((name, times)) if **name == *rule.id => *times = times.saturating_add(1),
            latest => *latest = Some((rule.id.as_str().into(), 1)),
        }
        if rule.an_hour.is_some() {
            let performed = &mut self.states.items[place].performed;
            performed.retain(|at| at.plus(HOUR) > context.now);
            performed.push(context.now);
        }
        let body = EventBody::Symbol {
            symbol: rule.id.clone(),
            glyph: rule.glyph.clone(),
            voice: rule.voice,
            reason: reason::because(context.rules, slots, &rule.when, &rule.name),
        };
        events.push(context.event(&format!("symbol.{}", rule.id), body));
    }
}
