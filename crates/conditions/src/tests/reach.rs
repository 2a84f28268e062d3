use super::*;
use crate::Reach;

/// Within `distance` of these values.
fn around(text: &str, known: &[(&str, f64)], distance: f64) -> Reach {
    let (low, high): (Vec<f64>, Vec<f64>) =
        slots(known).into_iter().map(|value| (value - distance, value + distance)).unzip();
    condition(text).within(&low, &high)
}

#[test]
fn a_box_holds_a_condition_always_sometimes_or_never() {
    use Reach::{Always, Never, Sometimes};
    let known = [("chaos", 0.75), ("clarity", 0.5), ("truth_violations", 3.0)];
    for (text, expected) in [
        ("chaos > 0.68", Always),
        ("chaos > 0.75", Sometimes),
        ("chaos > 0.82", Never),
        ("chaos >= 0.6875", Always),
        ("chaos > 0.6875", Sometimes),
        ("chaos >= 0.8125", Sometimes),
        ("chaos > 0.8125", Never),
        ("chaos < 0.8125", Sometimes),
        ("chaos <= 0.8125", Always),
        ("chaos <= 0.6875", Sometimes),
        ("chaos < 0.6875", Never),
        ("chaos == 0.75", Sometimes),
        ("chaos != 0.9", Always),
        ("0.6 < chaos < 0.9", Always),
        ("0.7 < chaos < 0.9", Sometimes),
        ("chaos > 0.7 and clarity > 0.6", Never),
        ("chaos > 0.9 or clarity < 0.6", Always),
        ("not chaos > 0.82", Always),
        ("chaos + clarity > 1.1", Always),
        ("chaos - clarity > 0.1", Always),
        ("chaos * truth_violations > 2.5", Never),
        ("chaos * -truth_violations > -2.5", Always),
        ("clarity / (truth_violations - 3) > 0", Sometimes),
        ("-chaos > -0.7", Sometimes),
        ("pain > 0.1", Never),
        ("not pain > 0.1", Never),
        ("pain > 0.1 or chaos > 0.6", Always),
        ("pain > 0.1 or chaos > 0.7", Sometimes),
        ("pain > 0.1 and chaos > 0.6", Never),
        ("not (pain > 0.1 and chaos > 0.9)", Always),
    ] {
        assert_eq!(around(text, &known, 0.0625), expected, "{text}");
    }
}

#[test]
fn bounds_that_are_missing_are_unknown() {
    let condition = condition("chaos > 0.5");
    assert_eq!(condition.within(&[], &[]), Reach::Never);
    assert_eq!(condition.within(&[0.0, 0.6], &[1.0, UNKNOWN]), Reach::Never);
    assert_eq!(condition.within(&[0.0, 0.7], &[1.0, 0.6]), Reach::Never, "the wrong way round");
    assert_eq!(condition.within(&[0.0, 0.6], &[1.0, 0.7]), Reach::Always);
}

#[test]
fn what_overflows_can_be_unknown() {
    let condition = condition("accuracy * (clarity - 0.5) <= 1e308 * 10");
    let (mut low, mut high) = (slots(&[("clarity", 0.0), ("accuracy", 1.0)]), slots(&[("clarity", 1.0)]));
    high[5] = f64::INFINITY;
    assert_eq!(condition.within(&low, &high), Reach::Sometimes, "infinite times zero");
    low[0] = 0.75;
    assert_eq!(condition.within(&low, &high), Reach::Always);
}

#[test]
fn flags_can_be_boxes_too() {
    let condition = condition("not rigidity_detected or chaos > 0.5");
    let region = |flag: (f64, f64)| {
        let (mut low, mut high) = (slots(&[("chaos", 0.4)]), slots(&[("chaos", 0.45)]));
        (low[7], high[7]) = flag;
        condition.within(&low, &high)
    };
    assert_eq!([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(region), [Reach::Always, Reach::Sometimes, Reach::Never]);
}
