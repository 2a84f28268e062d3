//! Which changes of a value a condition can notice: most samples cross no bar, and then nothing has to be asked again.

use conditions::Slot;
use rules::Rules;

/// Where each slot stands: between which of its bars.
pub(crate) type Side = u8;
/// What is unknown.
const UNKNOWN: Side = Side::MAX;

/// The bars of all rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Bars {
    /// Of each slot, in order; none where a condition may notice any change.
    slots: Vec<Option<Vec<f64>>>,
}

impl Bars {
    pub(crate) fn new(rules: &Rules) -> Self {
        let mut slots = vec![Some(Vec::new()); rules.signals.vocabulary.len()];
        // A name that the vocabulary does not have is never known.
        for condition in rules.conditions() {
            match condition.bars() {
                Some(bars) => bars.for_each(|(slot, bar)| {
                    if let Some(Some(bars)) = slots.get_mut(slot.index()) {
                        bars.push(bar);
                    }
                }),
                None => condition.slots().iter().for_each(|slot| {
                    if let Some(bars) = slots.get_mut(slot.index()) {
                        *bars = None;
                    }
                }),
            }
        }
        // What a window looks back over is taken in whatever it is: only what it works out is compared.
        for bars in slots.iter_mut().flatten() {
            bars.sort_unstable_by(f64::total_cmp);
            bars.dedup();
        }
        let fits = |bars: &Vec<f64>| bars.len() < usize::from(UNKNOWN);
        Self { slots: slots.into_iter().map(|bars| bars.filter(fits)).collect() }
    }

    /// On which side of its bars a value is; none where any change may be noticed.
    pub(crate) fn side(&self, slot: Slot, value: f64) -> Option<Side> {
        let bars = self.slots[slot.index()].as_ref()?;
        // Counted without a branch: a few bars are sooner counted than searched.
        let passed: Side = bars.iter().map(|bar| Side::from(*bar <= value)).sum();
        Some(if value.is_nan() { UNKNOWN } else { passed })
    }
}
