use domain::Language::{En, Ru};

use super::*;

const KNOWN: [(&str, f64); 6] = [
    ("chaos", 0.72),
    ("clarity", 0.812_345_678),
    ("truth_violations", 2.0),
    ("needs_organization", 1.0),
    ("rigidity_detected", 0.0),
    ("stagnation_duration", 400.0),
];

fn explain(text: &str, language: domain::Language) -> String {
    condition(text).explain(&slots(&KNOWN), &vocabulary(), language)
}

#[test]
fn values_stand_behind_their_names() {
    for (text, en, ru) in [
        (
            "chaos > 0.7 and truth_violations > 0",
            "chaos 0.72 > 0.7 and truth_violations 2 > 0",
            "chaos 0,72 > 0,7 и truth_violations 2 > 0",
        ),
        ("accuracy < 0.8", "accuracy ? < 0.8", "accuracy ? < 0,8"),
        ("clarity > 0.7", "clarity 0.8123 > 0.7", "clarity 0,8123 > 0,7"),
        (
            "stagnation_duration > 5m or silence > 1h",
            "stagnation_duration 6m 40s > 5m or silence ? > 1h",
            "stagnation_duration 6 мин 40 с > 5 мин или silence ? > 1 ч",
        ),
        (
            "not (needs_organization == rigidity_detected)",
            "not needs_organization true == rigidity_detected false",
            "не needs_organization да == rigidity_detected нет",
        ),
        ("0.4 < chaos < 0.7", "0.4 < chaos 0.72 < 0.7", "0,4 < chaos 0,72 < 0,7"),
        ("clarity - chaos > 0.1", "clarity 0.8123 - chaos 0.72 > 0.1", "clarity 0,8123 - chaos 0,72 > 0,1"),
        (
            "-stagnation_duration + 10m > 1s",
            "-stagnation_duration 6m 40s + 10m > 1s",
            "-stagnation_duration 6 мин 40 с + 10 мин > 1 с",
        ),
    ] {
        assert_eq!(explain(text, En), en);
        assert_eq!(explain(text, Ru), ru);
    }
}

#[test]
fn rounding_never_denies_what_is_said() {
    let explain = |text, chaos| condition(text).explain(&slots(&[("chaos", chaos), ("trust", 0.7)]), &vocabulary(), En);
    assert_eq!(explain("chaos > 0.7", 0.700_001_234_567), "chaos 0.700001 > 0.7");
    assert_eq!(explain("chaos < 0.7", 0.699_999_9), "chaos 0.6999999 < 0.7");
    assert_eq!(explain("chaos != trust", 0.700_001), "chaos 0.700001 != trust 0.7");
    assert_eq!(explain("0.6 < chaos < 0.7", 0.699_999_9), "0.6 < chaos 0.6999999 < 0.7");
    assert_eq!(explain("chaos < 0.12345678", 0.9), "chaos 0.9 < 0.12345678");
}
