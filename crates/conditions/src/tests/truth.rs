use super::*;
use crate::{Slot, Truth};

fn truth(text: &str, known: &[(&str, f64)]) -> Truth {
    condition(text).truth(&slots(known))
}

#[test]
fn comparisons_hold_up_to_their_bar() {
    for (text, below, at, above) in [
        ("chaos < 0.7", true, false, false),
        ("chaos <= 0.7", true, true, false),
        ("chaos ≤ 0.7", true, true, false),
        ("chaos > 0.7", false, false, true),
        ("chaos >= 0.7", false, true, true),
        ("chaos ≥ 0.7", false, true, true),
        ("chaos == 0.7", false, true, false),
        ("chaos != 0.7", true, false, true),
        ("0.7 < chaos", false, false, true),
        ("0.6 < chaos <= 0.7", false, true, false),
        ("1 > chaos >= 0.7 > trust", false, true, true),
    ] {
        let condition = condition(text);
        for (value, expected) in [(0.5, below), (0.7, at), (0.9, above)] {
            let slots = slots(&[("chaos", value), ("trust", 0.1)]);
            assert_eq!(condition.holds(&slots), expected, "{text} at {value}");
        }
        assert_eq!(condition.truth(&slots(&[("trust", 0.1)])), Truth::Unknown, "{text}");
    }
}

#[test]
fn what_is_unknown_decides_nothing() {
    use Truth::{False, True, Unknown};
    let value = |truth| match truth {
        True => 1.0,
        False => 0.0,
        Unknown => UNKNOWN,
    };
    for (a, b, and, or) in [
        (True, True, True, True),
        (True, False, False, True),
        (True, Unknown, Unknown, True),
        (False, False, False, False),
        (False, Unknown, False, Unknown),
        (Unknown, Unknown, Unknown, Unknown),
    ] {
        for (a, b) in [(a, b), (b, a)] {
            let known = [("needs_organization", value(a)), ("rigidity_detected", value(b))];
            assert_eq!(truth("needs_organization and rigidity_detected", &known), and, "{a:?} and {b:?}");
            assert_eq!(truth("needs_organization or rigidity_detected", &known), or, "{a:?} or {b:?}");
        }
    }
    for (a, not) in [(True, False), (False, True), (Unknown, Unknown)] {
        assert_eq!(truth("not rigidity_detected", &[("rigidity_detected", value(a))]), not);
    }
}

#[test]
fn flags_are_equal_or_not() {
    let known = [("needs_organization", 1.0), ("rigidity_detected", 0.0), ("chaos", 0.8)];
    assert_eq!(truth("needs_organization == rigidity_detected", &known), Truth::False);
    assert_eq!(truth("needs_organization == (chaos > 0.7)", &known), Truth::True);
    assert_eq!(truth("rigidity_detected != true", &known), Truth::True);
    assert_eq!(truth("needs_organization == (trust > 0.7)", &known), Truth::Unknown);
}

#[test]
fn arithmetic_binds_as_everywhere() {
    let known = [("clarity", 0.8), ("chaos", 0.2), ("truth_violations", 6.0)];
    for text in [
        "2 + 3 * truth_violations == 20",
        "(2 + 3) * truth_violations == 30",
        "12 / truth_violations / 2 == 1",
        "10 - truth_violations - 1 == 3",
        "10 - (truth_violations - 1) == 5",
        "-truth_violations * 2 < --truth_violations",
        "clarity - chaos > 0.5",
        "not chaos > 0.5 and clarity > 0.5",
        "chaos > 0.5 or not clarity > 0.9 and chaos < 0.5",
        "!(chaos > 0.5) && clarity > 0.5 || chaos > 0.9",
        "NOT chaos > 0.5 AND clarity > 0.5 OR chaos > 0.9",
    ] {
        assert_eq!(truth(text, &known), Truth::True, "{text}");
    }
}

#[test]
fn a_division_by_zero_is_unknown() {
    assert_eq!(truth("1 / truth_violations > 0", &[("truth_violations", 0.0)]), Truth::Unknown);
    assert_eq!(truth("1 / truth_violations > 0", &[("truth_violations", 2.0)]), Truth::True);
}

#[test]
fn times_are_compared_with_times() {
    let known = [("stagnation_duration", 400.0), ("silence", 0.25)];
    for text in [
        "stagnation_duration > 5m",
        "stagnation_duration < 1h30m",
        "stagnation_duration == 6m40s",
        "stagnation_duration - 5m == 100s",
        "stagnation_duration * 2 > 13m",
        "2 * stagnation_duration / 4 == 200s",
        "stagnation_duration / 100s == 4",
        "silence == 250ms",
        "stagnation_duration < 2d",
        "-stagnation_duration < 0s",
    ] {
        assert_eq!(truth(text, &known), Truth::True, "{text}");
    }
}

#[test]
fn a_window_gets_a_slot_of_its_own() {
    let mut vocabulary = vocabulary();
    let mean = Condition::parse("avg(pain, 5m) > 0.5 and avg(pain, 300s) < 0.9", &mut vocabulary).unwrap();
    let rate = Condition::parse("rate( truth_violations ,1h ) > 0.1 and max(pain, 5m) > 0.7", &mut vocabulary).unwrap();
    let windows: Vec<(String, u16)> =
        vocabulary.windows().iter().map(|window| (vocabulary.name(window.slot).to_owned(), window.slot.0)).collect();
    let expected = [("avg(pain, 5m)", 10), ("rate(truth_violations, 1h)", 11), ("max(pain, 5m)", 12)];
    assert_eq!(windows, expected.map(|(name, slot)| (name.to_owned(), slot)));
    assert_eq!(vocabulary.len(), 13);
    assert_eq!(vocabulary.windows()[0].of, vocabulary.get("pain").unwrap().0);
    assert_eq!((mean.slots(), rate.slots()), (&[Slot(10)][..], &[Slot(11), Slot(12)][..]));

    let mut slots = slots(&[]);
    slots.extend([0.6, 0.2, 0.8]);
    assert!(mean.holds(&slots) && rate.holds(&slots));
    slots.truncate(11);
    assert!(mean.holds(&slots));
    assert_eq!(rate.truth(&slots), Truth::Unknown, "a missing slot is unknown");
}

#[test]
fn slots_are_told_once_and_in_order() {
    assert_eq!(condition("pain > 0.5 or clarity < 0.5 or pain + clarity > 1").slots(), [Slot(0), Slot(3)]);
}

#[test]
fn conditions_are_values() {
    fn is_value<T: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static>(_: &T) {}
    let one = condition("chaos>0.70");
    is_value(&one);
    assert_eq!(one, condition("( chaos > 0.7 )"));
    assert_ne!(one, condition("chaos >= 0.7"));
}
