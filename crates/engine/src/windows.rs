//! What values did lately: mean, extremes and rate of change, over the windows that conditions ask for.

mod ring;

use conditions::Window;
use domain::Timestamp;
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::layout::Aligned;
use crate::slots::Slots;
use ring::Ring;

/// One ring for each window. Every sample of the subject brings the value that then holds, be it new or still the one
/// before; what is unknown then is passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Windows {
    rings: Aligned<Ring>,
}

impl Windows {
    /// Puts everything where the rules in force have it.
    pub(crate) fn align(&mut self, context: &Context<'_>, slots: &mut Slots) {
        self.rings.align(&context.layout.windows);
        for (ring, window) in self.rings.items.iter_mut().zip(windows(context.rules)) {
            ring.align(window);
            slots.set(window.slot, ring.value());
        }
    }

    /// Takes in what holds when a sample comes: once for each sample, before [`Windows::step`].
    pub(crate) fn sample(&mut self, context: &Context<'_>, slots: &Slots) {
        for (ring, window) in self.rings.items.iter_mut().zip(windows(context.rules)) {
            let value = slots.values()[window.of.index()];
            if !value.is_nan() {
                ring.take(context.now, value);
            }
        }
    }

    /// Works out what the windows hold now.
    pub(crate) fn step(&mut self, context: &Context<'_>, slots: &mut Slots) {
        for (ring, window) in self.rings.items.iter_mut().zip(windows(context.rules)) {
            ring.forget(context.now);
            slots.set(window.slot, ring.value());
        }
    }

    /// When a value first falls out of its window.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.rings.items.iter().filter_map(Ring::due).min()
    }
}

fn windows(rules: &Rules) -> &[Window] {
    rules.signals.vocabulary.windows()
}

#[cfg(test)]
mod tests;
