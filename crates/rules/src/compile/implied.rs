//! Whether one condition always holds together with another one.

use conditions::{Condition, Kind, Reach, Slot, Vocabulary};

/// Most boxes looked at: enough for conditions of a few names, little enough to be no wait.
const MOST_BOXES: usize = 4_096;
/// A number's range is halved so often at most: an edge between two boxes stays undecided for ever.
const SMALLEST: f64 = 1.0 / 4_096.0;

/// Whether `other` holds wherever `condition` does, as far as that is easily shown: `false` may also mean "unknown".
///
/// The box of all values is halved until in each part `condition` never or `other` always holds. Numbers without
/// bounds are not halved.
pub(super) fn always_with(condition: &Condition, other: &Condition, vocabulary: &Vocabulary) -> bool {
    if condition == other {
        return true;
    }
    let (low, high): (Vec<f64>, Vec<f64>) = (0..vocabulary.len())
        .map(|index| vocabulary.range(Slot(u16::try_from(index).unwrap_or(u16::MAX))))
        .map(|range| (range.low, range.high))
        .unzip();
    let slots: Vec<Slot> = condition.slots().iter().chain(other.slots()).copied().collect();
    let mut boxes = vec![(low, high)];
    for _ in 0..MOST_BOXES {
        let Some((low, high)) = boxes.pop() else { return true };
        if condition.within(&low, &high) == Reach::Never || other.within(&low, &high) == Reach::Always {
            continue;
        }
        let width = |slot: &&Slot| Some(high[slot.index()] - low[slot.index()]).filter(|width| width.is_finite());
        let widest = slots.iter().filter(|slot| width(slot).is_some_and(|width| width > SMALLEST));
        let Some(slot) = widest.max_by(|one, two| width(one).partial_cmp(&width(two)).expect("widths are finite"))
        else {
            return false;
        };
        let at = slot.index();
        let (mut lower, mut upper) = (high.clone(), low.clone());
        // A flag is 0 or 1 and nothing between.
        let (below, above) = match vocabulary.kind(*slot) {
            Kind::Flag => (low[at], high[at]),
            Kind::Number | Kind::Span => {
                let middle = f64::midpoint(low[at], high[at]);
                (middle, middle)
            }
        };
        (lower[at], upper[at]) = (below, above);
        boxes.extend([(low, lower), (upper, high)]);
    }
    false
}
