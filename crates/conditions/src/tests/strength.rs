use super::*;

fn strength(text: &str, known: &[(&str, f64)]) -> f64 {
    condition(text).strength(&slots(known))
}

fn near(strength: f64, expected: f64) -> bool {
    (strength - expected).abs() < 1e-9
}

#[test]
fn a_comparison_is_one_half_at_its_bar_and_grows_with_the_distance() {
    for (value, expected) in [(0.5, 0.0), (0.6, 0.25), (0.7, 0.5), (0.8, 0.75), (0.9, 1.0), (1.0, 1.0)] {
        for text in ["chaos > 0.7", "chaos >= 0.7", "0.7 < chaos", "not chaos < 0.7"] {
            let strength = strength(text, &[("chaos", value)]);
            assert!(near(strength, expected), "{text} at {value}: {strength}");
        }
    }
    assert!(near(strength("chaos < 0.7", &[("chaos", 0.6)]), 0.75));
    assert!(near(strength("clarity - chaos > 0.1", &[("clarity", 0.7), ("chaos", 0.5)]), 0.75));
}

#[test]
fn other_numbers_are_measured_by_their_bar() {
    for text in ["truth_violations > 10", "10 < truth_violations"] {
        assert!(near(strength(text, &[("truth_violations", 15.0)]), 0.75), "{text}");
        assert!(near(strength(text, &[("truth_violations", 20.0)]), 1.0), "{text}");
    }
    assert!(near(strength("truth_violations > 0", &[("truth_violations", 0.5)]), 0.75));
    assert!(near(strength("stagnation_duration > 5m", &[("stagnation_duration", 450.0)]), 0.75));
    assert!(near(strength("stagnation_duration > 1s", &[("stagnation_duration", 31.0)]), 0.75));
}

#[test]
fn and_takes_the_least_or_the_greatest() {
    let known = [("chaos", 0.8), ("pain", 0.6), ("rigidity_detected", 1.0)];
    assert!(near(strength("chaos > 0.7 and pain > 0.7", &known), 0.25));
    assert!(near(strength("chaos > 0.7 or pain > 0.7", &known), 0.75));
    assert!(near(strength("0.7 < chaos < 0.9", &known), 0.75));
    assert!(near(strength("0.7 < chaos < 0.82", &known), 0.55));
    assert!(near(strength("rigidity_detected and chaos > 0.7", &known), 0.75));
    assert!(near(strength("not rigidity_detected", &known), 0.0));
    assert!(near(strength("pain == 0.6", &known), 1.0));
    assert!(near(strength("pain != 0.6", &known), 0.0));
}

#[test]
fn what_is_unknown_counts_for_nothing() {
    let known = [("chaos", 0.8)];
    for text in ["pain > 0.1", "not pain > 0.1", "rigidity_detected", "not rigidity_detected", "pain != 0.5"] {
        assert!(near(strength(text, &known), 0.0), "{text}");
    }
    assert!(near(strength("chaos > 0.7 or pain > 0.7", &known), 0.75));
    assert!(near(strength("chaos > 0.7 and pain > 0.7", &known), 0.0));
    assert!(near(strength("not (chaos > 0.7 and not pain > 0.7)", &known), 0.25));
}
