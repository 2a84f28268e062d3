use domain::Text;

use super::*;

/// Names as people call them; those of the others are themselves.
fn entitled() -> Vocabulary {
    let mut vocabulary = vocabulary();
    for (name, en, ru) in [
        ("clarity", "clarity", "ясность"),
        ("chaos", "chaos", "хаос"),
        ("trust", "trust", "доверие"),
        ("pain", "pain", "боль"),
        ("truth_violations", "truth violations", "нарушения истины"),
        ("needs_organization", "order is needed", "нужен порядок"),
        ("rigidity_detected", "rigidity", "закостенелость"),
        ("stagnation_duration", "stagnation for", "застой уже"),
    ] {
        let (slot, _) = vocabulary.get(name).unwrap();
        vocabulary.entitle(slot, Text::new(en, ru));
    }
    vocabulary
}

/// What is true of a condition where `accuracy`, `pain` and `silence` are unknown, in both languages.
fn facts(text: &str) -> [String; 2] {
    let known = slots(&[
        ("clarity", 0.812_345_678),
        ("chaos", 0.72),
        ("trust", 0.8),
        ("truth_violations", 2.0),
        ("needs_organization", 1.0),
        ("rigidity_detected", 0.0),
        ("stagnation_duration", 400.0),
    ]);
    let mut vocabulary = entitled();
    let condition = Condition::parse(text, &mut vocabulary).unwrap();
    let facts = condition.facts(&known, &vocabulary);
    let join = |of: fn(&Text) -> &str| facts.iter().map(|fact| of(&fact.says)).collect::<Vec<_>>().join("; ");
    [join(|text| &text.en), join(|text| &text.ru)]
}

fn check(text: &str, en: &str, ru: &str) {
    assert_eq!(facts(text), [en, ru], "{text}");
}

#[test]
fn comparisons_are_told_in_words() {
    check("chaos > 0.7", "chaos 0.72 above 0.70", "хаос 0,72 выше 0,70");
    check("chaos >= 0.7", "chaos 0.72 not below 0.70", "хаос 0,72 не ниже 0,70");
    check("chaos < 0.8", "chaos 0.72 below 0.80", "хаос 0,72 ниже 0,80");
    check("chaos <= 0.8", "chaos 0.72 not above 0.80", "хаос 0,72 не выше 0,80");
    check("0.7 < chaos", "chaos 0.72 above 0.70", "хаос 0,72 выше 0,70");
    check("clarity > chaos", "clarity 0.81 above chaos 0.72", "ясность 0,81 выше, чем хаос 0,72");
    check("clarity - chaos > 0.05", "clarity 0.81 - chaos 0.72 above 0.05", "ясность 0,81 - хаос 0,72 выше 0,05");
    check("truth_violations > 0", "truth violations 2, more than 0", "нарушения истины 2, больше 0");
    check("truth_violations == 2", "truth violations 2 = 2", "нарушения истины 2 = 2");
    check("truth_violations != 3", "truth violations 2 ≠ 3", "нарушения истины 2 ≠ 3");
    check(
        "stagnation_duration > 5m",
        "stagnation for 6 min 40 s, longer than 5 min",
        "застой уже 6 мин 40 с, дольше 5 мин",
    );
}

#[test]
fn what_does_not_hold_is_told_by_what_is_so_instead() {
    check("chaos > 0.8", "chaos 0.72 not above 0.80", "хаос 0,72 не выше 0,80");
    check("chaos >= 0.8", "chaos 0.72 below 0.80", "хаос 0,72 ниже 0,80");
    check("chaos < 0.7", "chaos 0.72 not below 0.70", "хаос 0,72 не ниже 0,70");
    check("chaos <= 0.7", "chaos 0.72 above 0.70", "хаос 0,72 выше 0,70");
    check("0.8 < chaos", "chaos 0.72 not above 0.80", "хаос 0,72 не выше 0,80");
    check("rigidity_detected", "rigidity: no", "закостенелость: нет");
    check("not (chaos < 0.7)", "chaos 0.72 not below 0.70", "хаос 0,72 не ниже 0,70");
    check("accuracy < 0.8", "no value of accuracy", "нет значения: accuracy");
    check(
        "accuracy < pain or accuracy < 1",
        "no value of accuracy; no value of pain",
        "нет значения: accuracy; нет значения: боль",
    );
    check("1 / (truth_violations - 2) > 1", "a division by zero", "деление на ноль");
}

#[test]
fn what_decides_is_enough() {
    check("chaos > 0.7 or clarity < 0.5", "chaos 0.72 above 0.70", "хаос 0,72 выше 0,70");
    let both = ("chaos 0.72 above 0.70; clarity 0.81 above 0.50", "хаос 0,72 выше 0,70; ясность 0,81 выше 0,50");
    check("chaos > 0.7 or clarity > 0.5", both.0, both.1);
    check("chaos > 0.7 and clarity > 0.5", both.0, both.1);
    check(
        "chaos > 0.8 or clarity < 0.5",
        "chaos 0.72 not above 0.80; clarity 0.81 not below 0.50",
        "хаос 0,72 не выше 0,80; ясность 0,81 не ниже 0,50",
    );
    check("chaos > 0.7 and clarity < 0.5", "clarity 0.81 not below 0.50", "ясность 0,81 не ниже 0,50");
    check("chaos > 0.7 and pain < 0.5", "no value of pain", "нет значения: боль");
    check(
        "(chaos > 0.7 or pain > 0.5) and needs_organization",
        "chaos 0.72 above 0.70; order is needed",
        "хаос 0,72 выше 0,70; нужен порядок",
    );
    check("not (chaos > 0.7 and clarity < 0.5)", "clarity 0.81 not below 0.50", "ясность 0,81 не ниже 0,50");
    check(
        "needs_organization != rigidity_detected",
        "order is needed; rigidity: no",
        "нужен порядок; закостенелость: нет",
    );
}

#[test]
fn a_value_between_two_bars_is_told_so() {
    check("0.4 < chaos < 0.8", "chaos 0.72 between 0.40 and 0.80", "хаос 0,72 между 0,40 и 0,80");
    check("0.8 > chaos > 0.4", "chaos 0.72 between 0.40 and 0.80", "хаос 0,72 между 0,40 и 0,80");
    check("0.4 <= chaos <= 0.8", "chaos 0.72 from 0.40 to 0.80", "хаос 0,72 от 0,40 до 0,80");
    check("0.4 < chaos < 0.7", "chaos 0.72 not below 0.70", "хаос 0,72 не ниже 0,70");
    check(
        "0.4 <= chaos < 0.8",
        "chaos 0.72 not below 0.40; chaos 0.72 below 0.80",
        "хаос 0,72 не ниже 0,40; хаос 0,72 ниже 0,80",
    );
    check(
        "0.4 < chaos < clarity < 1",
        "chaos 0.72 above 0.40; chaos 0.72 below clarity 0.81; clarity 0.81 below 1.00",
        "хаос 0,72 выше 0,40; хаос 0,72 ниже, чем ясность 0,81; ясность 0,81 ниже 1,00",
    );
}

#[test]
fn a_window_says_over_how_long() {
    let mut vocabulary = entitled();
    for (text, en, ru) in [
        ("avg(pain, 5m) > 0.5", "pain (average over 5 min) 0.60 above 0.50", "боль (среднее за 5 мин) 0,60 выше 0,50"),
        (
            "min(pain, 90s) > 0.5",
            "pain (lowest over 1 min 30 s) 0.60 above 0.50",
            "боль (минимум за 1 мин 30 с) 0,60 выше 0,50",
        ),
        ("max(pain, 1h) > 0.5", "pain (highest over 1 h) 0.60 above 0.50", "боль (максимум за 1 ч) 0,60 выше 0,50"),
        (
            "rate(pain, 1m) > 0.5",
            "pain (change a second over 1 min) 0.6, more than 0.5",
            "боль (изменение в секунду за 1 мин) 0,6, больше 0,5",
        ),
    ] {
        let condition = Condition::parse(text, &mut vocabulary).unwrap();
        let slots = vec![0.6; vocabulary.len()];
        assert_eq!(condition.facts(&slots, &vocabulary)[0].says, Text::new(en, ru));
    }
}

#[test]
fn only_a_flag_that_is_true_is_told_as_such() {
    let (vocabulary, known) = (entitled(), slots(&[("needs_organization", 1.0), ("rigidity_detected", 0.0)]));
    let flags = condition("needs_organization and not rigidity_detected").facts(&known, &vocabulary);
    let flags: Vec<_> = flags.into_iter().map(|fact| fact.flag).collect();
    assert_eq!(flags, [Some(vocabulary.get("needs_organization").unwrap().0), None]);
}

#[test]
fn rounding_never_denies_what_is_told() {
    let say = |text, chaos| {
        let slots = slots(&[("chaos", chaos), ("trust", 0.7)]);
        condition(text).facts(&slots, &entitled()).into_iter().map(|fact| fact.says.en).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(say("chaos > 0.7", 0.700_001_234_567), "chaos 0.700001 above 0.70");
    assert_eq!(say("chaos < 0.7", 0.699_999_9), "chaos 0.6999999 below 0.70");
    assert_eq!(say("0.6 < chaos < 0.7", 0.699_999_9), "chaos 0.6999999 between 0.60 and 0.70");
    assert_eq!(say("chaos < 0.125", 0.9), "chaos 0.90 not below 0.125");
    assert_eq!(say("chaos > 0.7", 0.004), "chaos 0.004 not above 0.70");
}
