//! Whether one condition always holds together with another one.

use conditions::{Condition, Kind, Reach, Slot};

use crate::rules::{Derived, EngineSlots, Signals};

/// Most boxes looked at: enough for conditions of a few names, little enough to be no wait.
const MOST_BOXES: usize = 4_096;
/// A number's range is halved so often at most: an edge between two boxes stays undecided for ever.
const SMALLEST: f64 = 1.0 / 4_096.0;

/// Whether `other` holds wherever `condition` does, as far as that is easily shown: `false` may also mean "unknown".
///
/// The box of all values is halved until in each part `condition` never or `other` always holds. Numbers without
/// bounds are not halved. Of a derived flag what is behind it counts, as far as the flag follows it at once.
pub(super) fn always_with(condition: &Condition, other: &Condition, signals: &Signals) -> bool {
    if condition == other {
        return true;
    }
    let vocabulary = &signals.vocabulary;
    let (low, high): (Vec<f64>, Vec<f64>) = (0..vocabulary.len())
        .map(|index| vocabulary.range(Slot(u16::try_from(index).unwrap_or(u16::MAX))))
        .map(|range| (range.low, range.high))
        .unzip();
    let derived: Vec<&Derived> = signals.derived.iter().filter(|flag| follows(flag, &signals.engine)).collect();
    let mut slots: Vec<Slot> = condition.slots().iter().chain(other.slots()).copied().collect();
    for flag in derived.iter().rev() {
        if slots.contains(&flag.slot) {
            slots.extend(flag.when.slots());
        }
    }
    let mut boxes = vec![(low, high)];
    for _ in 0..MOST_BOXES {
        let Some((mut low, mut high)) = boxes.pop() else { return true };
        if !is_possible(&derived, &mut low, &mut high) {
            continue;
        }
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

/// Whether a flag is worked out from what holds at the same moment: voices, conflicts, states and experiments it sees as they were
/// just before.
fn follows(flag: &Derived, engine: &EngineSlots) -> bool {
    let EngineSlots { all_vitals_ok: _, active, leads, .. } = engine;
    let before = [
        engine.state_transition,
        engine.experiment_injects,
        engine.conflict_detected,
        engine.multiple_voices_active,
        engine.harmony,
        engine.synthesis_readiness,
    ];
    !flag.when.slots().iter().any(|slot| before.contains(slot) || active.contains(slot) || leads.contains(slot))
}

/// Narrows the flags to what their conditions allow in the box; no when nothing is left of it.
fn is_possible(derived: &[&Derived], low: &mut [f64], high: &mut [f64]) -> bool {
    derived.iter().all(|flag| {
        let at = flag.slot.index();
        match flag.when.within(low, high) {
            Reach::Always if flag.hold.is_zero() => low[at] = 1.0,
            Reach::Never if flag.keep.is_zero() => high[at] = 0.0,
            _ => {}
        }
        low[at] <= high[at]
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Text;

    use super::*;
    use crate::Rules;

    /// The shipped signals, and a derived one.
    fn signals(name: &str, when: &str, hold: u64, keep: u64) -> Signals {
        let mut signals = Rules::built_in().signals;
        let range = conditions::Range::UNIT;
        let slot = signals.vocabulary.add(name, Kind::Flag, range).unwrap();
        let when = Condition::parse(when, &mut signals.vocabulary).unwrap();
        let [hold, keep] = [hold, keep].map(Duration::from_secs);
        let (name, title) = (name.to_owned(), Text::default());
        signals.derived.push(Derived { name, title, slot, duration: None, when, hold, keep, is_told: false });
        signals
    }

    fn check(signals: &mut Signals, condition: &str, other: &str, expected: bool) {
        let [one, two] = [condition, other].map(|text| Condition::parse(text, &mut signals.vocabulary).unwrap());
        assert_eq!(always_with(&one, &two, signals), expected, "{condition} => {other}");
    }

    #[test]
    fn what_follows_is_found_and_what_does_not_is_not() {
        let signals = &mut Rules::built_in().signals;
        check(signals, "chaos > 0.7", "chaos > 0.6", true);
        check(signals, "chaos > 0.7", "chaos > 0.7", true);
        check(signals, "chaos > 0.6", "chaos > 0.7", false);
        check(signals, "chaos > 0.7 and pain < 0.2", "pain < 0.3 or chaos < 0.1", true);
        check(signals, "chaos > 0.7 and truth_violations > 3", "chaos > 0.6", true);
        check(signals, "chaos_injection and chaos > 0.7", "chaos_injection", true);
        check(signals, "chaos_injection", "not chaos_injection", false);
        check(signals, "not chaos_injection", "not chaos_injection or chaos > 0.5", true);
        check(signals, "chaos > 0.2 and pain > 0.2", "chaos + pain > 0.3", true);
        // True, but not to be seen without bounds.
        check(signals, "truth_violations > 3", "truth_violations > 2", false);
    }

    #[test]
    fn what_is_behind_a_derived_flag_counts() {
        let signals = &mut signals("calm", "chaos < 0.5", 0, 0);
        check(signals, "chaos < 0.4", "calm", true);
        check(signals, "chaos > 0.6", "not calm", true);
        check(signals, "calm", "chaos < 0.6", true);
        check(signals, "pain > 0.4 and chaos < 0.4", "calm or trust < 0.2", true);
        check(signals, "chaos < 0.6", "calm", false);
        // What is behind a flag that is behind a flag.
        check(signals, "rigidity_detected", "clarity > 0.9", true);
    }

    #[test]
    fn a_flag_that_is_slow_says_less() {
        let late = &mut signals("calm", "chaos < 0.5", 60, 0);
        check(late, "chaos < 0.4", "calm", false);
        check(late, "chaos > 0.6", "not calm", true);
        let lasting = &mut signals("calm", "chaos < 0.5", 0, 60);
        check(lasting, "chaos < 0.4", "calm", true);
        check(lasting, "chaos > 0.6", "not calm", false);
        // When Kayn has just begun, it is not yet known here.
        let others = &mut signals("busy", "kayn_active", 0, 0);
        check(others, "kayn_active", "busy", false);
    }
}
