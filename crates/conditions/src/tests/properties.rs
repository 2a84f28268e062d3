use proptest::prelude::*;

use super::random::{Logic, logic, plain, point, region};
use super::*;
use crate::{Reach, Slot, Truth};

fn as_truth(holds: Option<bool>) -> Truth {
    match holds {
        Some(true) => Truth::True,
        Some(false) => Truth::False,
        None => Truth::Unknown,
    }
}

/// Reads what can be read, and asks it everything that can be asked.
fn exercise(text: &str) {
    let mut vocabulary = vocabulary();
    let condition = match Condition::parse(text, &mut vocabulary) {
        Ok(condition) => condition,
        Err(mistake) => {
            let characters = text.chars().count();
            assert!(mistake.length > 0 && mistake.start <= characters, "{mistake:?}");
            assert!(mistake.start + mistake.length <= characters.max(mistake.start + 1), "{mistake:?}");
            return;
        }
    };
    let windows = vocabulary.clone();
    assert_eq!(Condition::parse(condition.text(), &mut vocabulary).as_ref(), Ok(&condition));
    assert_eq!(vocabulary, windows);
    for value in [0.0, 1.0, -3.5, 1e300, f64::INFINITY, UNKNOWN] {
        let of_kind = |slot| match vocabulary.kind(Slot(slot)) {
            Kind::Flag if !value.is_nan() => f64::from(value > 0.0),
            _ => value,
        };
        let slots: Vec<f64> = (0..vocabulary.len() as u16).map(of_kind).collect();
        let strength = condition.strength(&slots);
        assert!((0.0..=1.0).contains(&strength), "{strength}");
        match condition.truth(&slots) {
            Truth::True => assert!(condition.within(&slots, &slots) != Reach::Never && strength >= 0.5),
            Truth::False => assert!(condition.within(&slots, &slots) != Reach::Always && strength <= 0.5),
            Truth::Unknown => assert!(condition.within(&slots, &slots) != Reach::Always),
        }
        for language in [domain::Language::En, domain::Language::Ru] {
            assert!(!condition.explain(&slots, &vocabulary, language).is_empty());
        }
        let facts = condition.facts(&slots, &vocabulary);
        assert!(!facts.is_empty() && facts.iter().all(|fact| !fact.says.en.is_empty() && !fact.says.ru.is_empty()));
    }
}

/// The condition of a tree; none if it is refused because it, or a part of it, does not depend on its names.
fn of_tree(tree: &Logic) -> Result<Condition, Mistake> {
    let parsed = parse(&tree.text());
    if let Err(mistake) = &parsed {
        assert!(["this can never hold", "this always holds"].contains(&&*mistake.message), "{mistake:?}");
    }
    parsed
}

/// What a condition may be made of, and what it may not.
fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "clarity",
        "pain",
        "accuracy",
        "rigidity_detected",
        "stagnation_duration",
        "nothing",
        "Сhaos",
        "avg",
        "rate",
        "and",
        "or",
        "not",
        "true",
        "false",
        "<",
        "<=",
        "≥",
        ">",
        "==",
        "!=",
        "=",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        ",",
        "0",
        "0.5",
        "1e300",
        "1e-3",
        "1.",
        ".5",
        "5m",
        "1h30m",
        "0s",
        "99999999999999999999d",
        " ",
        "\u{0}",
        "🕯",
    ])
}

/// For the points of a box.
fn choices() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(any::<u64>(), 8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn it_holds_when_it_should(tree in logic(), region in region(), choices in choices()) {
        let parsed = of_tree(&tree);
        for slots in choices.into_iter().map(|choices| point(&region, choices)) {
            let expected = tree.value(&slots);
            match &parsed {
                Ok(condition) => {
                    prop_assert_eq!(condition.truth(&slots), as_truth(expected), "{}", condition);
                    let strength = condition.strength(&slots);
                    prop_assert!((0.0..=1.0).contains(&strength));
                    prop_assert!(expected != Some(true) || strength >= 0.5, "{} {}", condition, strength);
                    prop_assert!(expected != Some(false) || strength <= 0.5, "{} {}", condition, strength);
                }
                // What is refused as a whole is refused for a reason.
                Err(mistake) if mistake.length == tree.text().len() => {
                    prop_assert_ne!(expected, Some(mistake.message == "this can never hold"), "{}", tree.text());
                }
                Err(_) => {}
            }
        }
    }

    #[test]
    fn a_box_knows_its_points(tree in logic(), region in region(), choices in choices()) {
        let Ok(condition) = of_tree(&tree) else { return Ok(()) };
        let (low, high): (Vec<f64>, Vec<f64>) = region.iter().copied().unzip();
        let reach = condition.within(&low, &high);
        for slots in choices.into_iter().map(|choices| point(&region, choices)) {
            let truth = condition.truth(&slots);
            prop_assert!(reach != Reach::Never || truth != Truth::True, "{} {:?}", condition, slots);
            prop_assert!(reach != Reach::Always || truth == Truth::True, "{} {:?}", condition, slots);
        }
    }

    #[test]
    fn the_plain_form_says_the_same_as_the_tree(tree in plain(), region in region(), choices in choices()) {
        let Ok(plain) = of_tree(&tree) else { return Ok(()) };
        let walked = plain.without_plain().expect("it is plain");
        let (low, high): (Vec<f64>, Vec<f64>) = region.iter().copied().unzip();
        prop_assert_eq!(plain.within(&low, &high), walked.within(&low, &high), "{}", plain);
        for slots in choices.into_iter().map(|choices| point(&region, choices)) {
            prop_assert_eq!(plain.truth(&slots), walked.truth(&slots), "{} {:?}", plain, slots);
            prop_assert_eq!(plain.holds(&slots), walked.holds(&slots), "{} {:?}", plain, slots);
            prop_assert_eq!(plain.strength(&slots), walked.strength(&slots), "{} {:?}", plain, slots);
            prop_assert_eq!(plain.within(&slots, &slots), walked.within(&slots, &slots), "{} {:?}", plain, slots);
        }
    }

    #[test]
    fn what_is_written_is_read_the_same(tree in logic()) {
        exercise(&tree.text());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop_oneof![
        9 => prop::collection::vec(any::<u8>(), 0..60),
        1 => prop::collection::vec(any::<u8>(), 0..3_000),
    ]) {
        exercise(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_words_make_it_panic(words in prop_oneof![
        9 => prop::collection::vec(word(), 0..16),
        1 => prop::collection::vec(word(), 0..400),
    ], glue in prop::sample::select(vec!["", " "])) {
        exercise(&words.join(glue));
    }

    /// What is nearly right gets further than what is drawn by lot.
    #[test]
    fn no_slip_makes_it_panic(tree in logic(), slips in prop::collection::vec((any::<prop::sample::Index>(), 0..3_usize, word()), 1..5)) {
        let mut text: Vec<char> = tree.text().chars().collect();
        for (place, gone, word) in slips {
            let place = place.index(text.len() + 1);
            text.splice(place..(place + gone).min(text.len()), word.chars());
        }
        exercise(&text.into_iter().collect::<String>());
    }
}
