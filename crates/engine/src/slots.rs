//! What conditions read: the latest value of everything that has a name.

use conditions::Slot;
use domain::{Sample, SignalValue, Timestamp, Vital};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::layout::Aligned;

/// The values of a subject: NaN is unknown, flags are 0 and 1, spans are seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slots {
    /// One for each name of the vocabulary. Made anew from the rest of the state when it is restored.
    #[serde(skip)]
    values: Vec<f64>,
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
        self.values.clear();
        self.values.resize(context.layout.slots, f64::NAN);
        self.produced.align(&context.layout.produced);
        for (produced, (_, slot)) in self.produced.items.iter().zip(&context.rules.signals.produced) {
            if let Some(produced) = produced {
                self.values[slot.index()] = produced.value;
            }
        }
    }

    /// All values, for conditions.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn set_vital(&mut self, vital: Vital, value: f64) {
        self.values[vital.index()] = value;
    }

    pub(crate) fn set(&mut self, slot: Slot, value: f64) {
        self.values[usize::from(slot.0)] = value;
    }

    pub(crate) fn set_flag(&mut self, slot: Slot, flag: bool) {
        self.set(slot, if flag { 1.0 } else { 0.0 });
    }

    /// Takes in the signals of a sample that was seen at `seen`. Those that no rule names are passed over.
    pub(crate) fn produce(&mut self, context: &Context<'_>, sample: &Sample, seen: Timestamp) {
        let known = &context.rules.signals.produced;
        for (name, value) in &sample.signals {
            let Ok(place) = known.binary_search_by(|(known, _)| known.cmp(name)) else { continue };
            let value = match value {
                SignalValue::Flag(flag) => f64::from(u8::from(*flag)),
                SignalValue::Number(number) => *number,
            };
            self.set(known[place].1, value);
            self.produced.items[place] = Some(Produced { value, seen });
        }
    }

    /// Forgets what producers sent too long ago.
    pub(crate) fn expire(&mut self, context: &Context<'_>) {
        let Self { values, produced } = self;
        for (produced, (_, slot)) in produced.items.iter_mut().zip(&context.rules.signals.produced) {
            let is_over = |signal: &mut Produced| signal.seen.plus(context.rules.staleness.after) <= context.now;
            if produced.take_if(is_over).is_some() {
                values[slot.index()] = f64::NAN;
            }
        }
    }

    /// When the first of the producers' signals will be stale.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        let seen = self.produced.items.iter().flatten().map(|produced| produced.seen).min();
        seen.map(|seen| seen.plus(rules.staleness.after))
    }
}
