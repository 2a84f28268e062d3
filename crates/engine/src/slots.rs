//! What conditions read: the latest value of everything that has a name.

use std::sync::Arc;

use conditions::{Kind, Slot};
use domain::{Sample, SignalValue, Timestamp, Vital};
use serde::{Deserialize, Serialize};

use crate::bars::{Bars, Side};
use crate::context::Context;
use crate::layout::Aligned;

/// How often something had changed when a part looked at last.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Look(Option<u64>);

/// The values of a subject: NaN is unknown, flags are 0 and 1, spans are seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slots {
    /// One for each name of the vocabulary. Made anew from the rest of the state when it is restored.
    #[serde(skip)]
    values: Vec<f64>,
    /// On which side of its bars each value is.
    #[serde(skip)]
    sides: Vec<Option<Side>>,
    #[serde(skip)]
    bars: Arc<Bars>,
    /// How often something changed that a condition can notice.
    #[serde(skip)]
    stirs: u64,
    /// What producers sent besides vitals: it holds until it is stale.
    produced: Aligned<Option<Produced>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Produced {
    value: f64,
    /// When.
    seen: Timestamp,
}

impl Slots {
    /// Makes place for the names of the rules.
    pub(crate) fn align(&mut self, context: &Context<'_>) {
        self.bars = Arc::clone(&context.layout.bars);
        self.values.clear();
        self.values.resize(context.layout.slots, f64::NAN);
        self.sides.clear();
        self.sides.resize(context.layout.slots, None);
        self.stirs += 1;
        self.produced.align(&context.layout.produced);
        for (place, (_, slot)) in context.rules.signals.produced.iter().enumerate() {
            if let Some(produced) = self.produced.items[place] {
                self.set(*slot, of_kind(context.rules, *slot, produced.value));
            }
        }
    }

    /// Whether a condition may hold otherwise than at the last look; looks now.
    pub(crate) fn have_stirred_since(&self, look: &mut Look) -> bool {
        std::mem::replace(look, Look(Some(self.stirs))) != Look(Some(self.stirs))
    }

    /// All values, for conditions.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn set_vital(&mut self, vital: Vital, value: f64) {
        self.set(Slot(vital.index() as u16), value);
    }

    pub(crate) fn set(&mut self, slot: Slot, value: f64) {
        let before = std::mem::replace(&mut self.values[slot.index()], value);
        if before.to_bits() == value.to_bits() {
            return;
        }
        let side = self.bars.side(slot, value);
        if std::mem::replace(&mut self.sides[slot.index()], side) != side || side.is_none() {
            self.stirs += 1;
        }
    }

    pub(crate) fn set_flag(&mut self, slot: Slot, flag: bool) {
        self.set(slot, if flag { 1.0 } else { 0.0 });
    }

    /// Takes in the signals of a sample that was seen at `seen`. Those that no rule names are passed over.
    pub(crate) fn produce(&mut self, context: &Context<'_>, sample: &Sample, seen: Timestamp) {
        let known = &context.rules.signals.produced;
        for (name, value) in &sample.signals {
            let Some(place) = context.layout.place_of_signal(name) else { continue };
            let value = match value {
                SignalValue::Flag(flag) => f64::from(u8::from(*flag)),
                SignalValue::Number(number) => *number,
            };
            let value = of_kind(context.rules, known[place].1, value);
            self.set(known[place].1, value);
            self.produced.items[place] = Some(Produced { value, seen });
        }
    }

    /// Forgets what producers sent too long ago.
    pub(crate) fn expire(&mut self, context: &Context<'_>) {
        let is_over = |signal: &mut Produced| signal.seen.plus(context.rules.staleness.after) <= context.now;
        for (place, (_, slot)) in context.rules.signals.produced.iter().enumerate() {
            if self.produced.items[place].take_if(is_over).is_some() {
                self.set(*slot, f64::NAN);
            }
        }
    }

    /// When the first of the producers' signals will be stale.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        let seen = self.produced.items.iter().flatten().map(|produced| produced.seen).min();
        seen.map(|seen| seen.plus(rules.staleness.after))
    }
}

/// What a value says in this slot. A number that is sent for a flag says yes unless it is zero: conditions count on flags
/// to be 0 or 1.
fn of_kind(rules: &rules::Rules, slot: Slot, value: f64) -> f64 {
    match rules.signals.vocabulary.kind(slot) {
        Kind::Flag => f64::from(u8::from(value != 0.0)),
        Kind::Number | Kind::Span => value,
    }
}

#[cfg(test)]
mod tests;
