//! What conditions read: the latest value of everything that has a name.

use conditions::Slot;
use domain::{Sample, SignalValue, Timestamp, Vital};
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// The values of a subject: NaN is unknown, flags are 0 and 1, spans are seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Slots {
    /// One for each name of the vocabulary. Made anew from the rest of the state when it is restored.
    #[serde(skip)]
    values: Vec<f64>,
    /// What producers sent besides vitals, and when: it holds until it is stale.
    produced: Vec<Produced>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Produced {
    name: Box<str>,
    value: f64,
    seen: Timestamp,
}

impl Slots {
    /// Makes place for the names of the rules.
    pub(crate) fn align(&mut self, context: &Context<'_>) {
        self.values.clear();
        self.values.resize(context.layout.slots, f64::NAN);
        let signals = &context.rules.signals.produced;
        self.produced.retain(|produced| signals.iter().any(|(name, _)| *name == produced.name));
        for produced in &self.produced {
            if let Some((_, slot)) = signals.iter().find(|(name, _)| *name == produced.name) {
                self.values[usize::from(slot.0)] = produced.value;
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
            match self.produced.iter_mut().find(|produced| produced.name == *name) {
                Some(produced) => (produced.value, produced.seen) = (value, seen),
                None => self.produced.push(Produced { name: name.clone(), value, seen }),
            }
        }
    }

    /// Forgets what producers sent too long ago.
    pub(crate) fn expire(&mut self, context: &Context<'_>) {
        let Self { values, produced } = self;
        produced.retain(|signal| {
            let is_fresh = signal.seen.plus(context.rules.staleness.after) > context.now;
            if !is_fresh
                && let Some((_, slot)) = context.rules.signals.produced.iter().find(|(name, _)| *name == signal.name)
            {
                values[usize::from(slot.0)] = f64::NAN;
            }
            is_fresh
        });
    }

    /// When the first of the producers' signals will be stale.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        self.produced.iter().map(|produced| produced.seen.plus(rules.staleness.after)).min()
    }
}
