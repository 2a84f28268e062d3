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
        match (condition.within(&low, &high), other.within(&low, &high)) {
            (Reach::Never, _) | (_, Reach::Always) => continue,
            (Reach::Always, Reach::Never) => return false,
            _ => {}
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

#[cfg(test)]
mod tests {
    use conditions::Range;

    use super::*;

    #[test]
    fn what_follows_is_found_and_what_does_not_is_not() {
        let mut vocabulary = Vocabulary::default();
        for name in ["chaos", "pain"] {
            vocabulary.add(name, Kind::Number, Range::UNIT).unwrap();
        }
        vocabulary.add("count", Kind::Number, Range::ANY).unwrap();
        vocabulary.add("stands", Kind::Flag, Range::UNIT).unwrap();
        let mut check = |condition: &str, other: &str, expected: bool| {
            let [one, two] = [condition, other].map(|text| Condition::parse(text, &mut vocabulary).unwrap());
            assert_eq!(always_with(&one, &two, &vocabulary), expected, "{condition} => {other}");
        };
        check("chaos > 0.7", "chaos > 0.6", true);
        check("chaos > 0.7", "chaos > 0.7", true);
        check("chaos > 0.6", "chaos > 0.7", false);
        check("chaos > 0.7 and pain < 0.2", "pain < 0.3 or chaos < 0.1", true);
        check("chaos > 0.7 and count > 3", "chaos > 0.6", true);
        check("stands and chaos > 0.7", "stands", true);
        check("stands", "not stands", false);
        check("not stands", "not stands or chaos > 0.5", true);
        check("chaos > 0.2 and pain > 0.2", "chaos + pain > 0.3", true);
        // True, but not to be seen without bounds.
        check("count > 3", "count > 2", false);
    }
}
