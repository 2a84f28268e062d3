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
    /// How many times in a row it was performed, and when at last: no other voice performed anything since.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_a_row: Option<(u8, Timestamp)>,
}

impl SymbolState {
    /// How many times in a row it was performed. What was an hour ago is no echo.
    fn in_a_row(&self, now: Timestamp) -> u8 {
        self.in_a_row.filter(|(_, latest)| latest.plus(HOUR) > now).map_or(0, |(times, _)| times)
    }
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
                    "not performed: it was too many times in a row, another voice has its turn",
                    "не исполняется: звучал слишком много раз подряд, очередь другого голоса",
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
        let state = &self.states.items[place];
        if state.in_a_row(now) >= rule.in_a_row {
            return Some(Suppression::Echo);
        }
        let recent = state.performed.iter().filter(|at| at.plus(HOUR) > now).count();
        rule.an_hour.is_some_and(|most| recent >= usize::from(most)).then_some(Suppression::Budget)
    }

    fn perform(&mut self, context: &Context<'_>, slots: &Slots, rule: &Symbol, place: usize, events: &mut Vec<Event>) {
        // A symbol of another voice takes the turn from those of all others; one of the same voice would only answer itself.
        for (state, other) in self.states.items.iter_mut().zip(&context.rules.symbols) {
            state.in_a_row.take_if(|_| other.voice != rule.voice);
        }
        let state = &mut self.states.items[place];
        state.in_a_row = Some((state.in_a_row(context.now).saturating_add(1), context.now));
        if rule.an_hour.is_some() {
            state.performed.retain(|at| at.plus(HOUR) > context.now);
            state.performed.push(context.now);
        }
        let body = EventBody::Symbol {
            symbol: rule.id.clone(),
            glyph: rule.glyph.clone(),
            voice: rule.voice,
            reason: reason::because(context.rules, slots, &rule.when, &rule.says),
        };
        events.push(context.event(&format!("symbol.{}", rule.id), body));
    }
}
