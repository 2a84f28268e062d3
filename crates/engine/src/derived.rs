//! Flags that the engine derives: true once a condition has held for long enough, and for a while after it.

use domain::{Event, EventBody, Text, Timestamp};
use rules::Derived;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::layout::Aligned;
use crate::phrases;
use crate::reason;
use crate::slots::{Look, Slots};

/// One for each derived signal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct DerivedSignals {
    signals: Aligned<Signal>,
    #[serde(skip)]
    look: Look,
    /// When time alone changes the next one.
    #[serde(skip)]
    wake: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Signal {
    /// It is false, and its condition does not hold.
    #[default]
    Off,
    /// Its condition holds, not yet long enough.
    Holding {
        /// Since when.
        since: Timestamp,
    },
    /// It is true.
    On {
        /// Since when.
        since: Timestamp,
        /// Its condition no longer holds: it stays true until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends: Option<Timestamp>,
    },
}

impl DerivedSignals {
    /// Puts everything where the rules in force have it. Signals that are true and that they no longer have end.
    pub(crate) fn align(&mut self, context: &Context<'_>, slots: &mut Slots, events: &mut Vec<Event>) {
        for (name, signal) in self.signals.align(&context.layout.derived) {
            if signal.on_since().is_some() {
                events.push(changed(context, &name, false, phrases::signal_is_gone()));
            }
        }
        for (rule, signal) in context.rules.signals.derived.iter().zip(&self.signals.items) {
            signal.fill(context, rule, slots);
        }
        self.look = Look::default();
        self.plan(context.rules);
    }

    /// Works them out in order: each may rest on those before it. While the whole subject `is_silent`, nothing is known of
    /// their conditions.
    pub(crate) fn step(&mut self, context: &Context<'_>, slots: &mut Slots, is_silent: bool, events: &mut Vec<Event>) {
        self.last(context, slots);
        if !slots.have_stirred_since(&mut self.look) && self.wake.is_none_or(|wake| wake > context.now) {
            return;
        }
        for (rule, signal) in context.rules.signals.derived.iter().zip(&mut self.signals.items) {
            let was_on = signal.on_since().is_some();
            *signal = match is_silent {
                true => signal.frozen(),
                false => signal.next(rule, rule.when.holds(slots.values()), context.now),
            };
            let is_on = signal.on_since().is_some();
            signal.fill(context, rule, slots);
            if is_on != was_on && rule.is_told {
                let why = reason::why(context.rules, slots, &rule.when);
                events.push(changed(context, &rule.name, is_on, phrases::signal(rule, is_on, why)));
            }
        }
        self.plan(context.rules);
    }

    /// When the next one has held for long enough, or is over.
    pub(crate) const fn due(&self) -> Option<Timestamp> {
        self.wake
    }

    /// Those that are true last longer now.
    fn last(&self, context: &Context<'_>, slots: &mut Slots) {
        for place in &context.layout.lasting {
            self.signals.items[*place].fill(context, &context.rules.signals.derived[*place], slots);
        }
    }

    fn plan(&mut self, rules: &rules::Rules) {
        let due = |(rule, signal): (&Derived, &Signal)| match *signal {
            Signal::Off | Signal::On { ends: None, .. } => None,
            Signal::Holding { since } => Some(since.plus(rule.hold)),
            Signal::On { ends, .. } => ends,
        };
        self.wake = rules.signals.derived.iter().zip(&self.signals.items).filter_map(due).min();
    }

    /// How each of them stands.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        for (rule, signal) in context.rules.signals.derived.iter().zip(&self.signals.items) {
            let state = match *signal {
                Signal::Off => phrases::signal_is_off(),
                Signal::Holding { since } => phrases::signal_holds(context.now.since(since), rule.hold),
                Signal::On { ends: None, .. } => phrases::signal_is_on(),
                Signal::On { ends: Some(ends), .. } => phrases::signal_stays(ends.since(context.now)),
            };
            let now = RuleNow::new(context, slots, RuleKind::Signal, &rule.name, &rule.when, state);
            let held = signal.held_since().map(|since| context.now.since(since));
            out.push(RuleNow {
                since: signal.on_since(),
                held_seconds: held.map(|held| held.as_secs_f64()),
                for_seconds: Some(rule.hold.as_secs_f64()),
                ..now
            });
        }
    }
}

impl Signal {
    const fn on_since(self) -> Option<Timestamp> {
        match self {
            Self::On { since, .. } => Some(since),
            Self::Off | Self::Holding { .. } => None,
        }
    }

    /// Since when its condition has held, where that is known.
    const fn held_since(self) -> Option<Timestamp> {
        match self {
            Self::Holding { since } => Some(since),
            Self::On { .. } | Self::Off => None,
        }
    }

    fn next(self, rule: &Derived, holds: bool, now: Timestamp) -> Self {
        match (self, holds) {
            (Self::On { since, .. }, true) => Self::On { since, ends: None },
            (Self::On { since, ends }, false) => {
                let ends = ends.unwrap_or_else(|| now.plus(rule.keep));
                if ends <= now { Self::Off } else { Self::On { since, ends: Some(ends) } }
            }
            (Self::Off | Self::Holding { .. }, false) => Self::Off,
            (Self::Off, true) => Self::Holding { since: now }.ripe(rule, now),
            (Self::Holding { .. }, true) => self.ripe(rule, now),
        }
    }

    /// What becomes of it when nothing is heard any more: missing data ends nothing, and what had not held for long enough
    /// begins anew.
    const fn frozen(self) -> Self {
        match self {
            Self::On { since, .. } => Self::On { since, ends: None },
            Self::Off | Self::Holding { .. } => Self::Off,
        }
    }

    /// True, once it has held for long enough.
    fn ripe(self, rule: &Derived, now: Timestamp) -> Self {
        match self {
            Self::Holding { since } if since.plus(rule.hold) <= now => Self::On { since: now, ends: None },
            signal => signal,
        }
    }

    /// The duration is that at the latest sample, so that looking oftener changes nothing.
    fn fill(self, context: &Context<'_>, rule: &Derived, slots: &mut Slots) {
        let since = self.on_since();
        slots.set_flag(rule.slot, since.is_some());
        if let Some(slot) = rule.duration {
            let seconds = since.map_or(f64::NAN, |since| context.judged_at.since(since).as_secs_f64());
            slots.set(slot, seconds);
        }
    }
}

fn changed(context: &Context<'_>, name: &str, value: bool, reason: Text) -> Event {
    context.event(&format!("signal.{name}"), EventBody::Signal { signal: name.to_owned(), value, reason })
}

#[cfg(test)]
mod tests;
