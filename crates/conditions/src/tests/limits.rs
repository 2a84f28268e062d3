use super::*;
use crate::{MAXIMUM_CHARACTERS, MAXIMUM_DEPTH, MAXIMUM_PARTS, MAXIMUM_WINDOWS, Slot, is_name};

#[test]
fn a_condition_can_be_long_but_not_endless() {
    let padded = |length: usize| format!("chaos > 0.7{}", " ".repeat(length - 11));
    assert!(parse(&padded(MAXIMUM_CHARACTERS)).is_ok());
    let mistake = parse(&padded(MAXIMUM_CHARACTERS + 1)).unwrap_err();
    assert_eq!((mistake.start, mistake.length), (2_000, 1));
    insta::assert_snapshot!(mistake, @r"a condition has at most 2000 characters");
    // Its spelling would not be read again.
    let tight = format!("accuracy > {}1", "1e14+".repeat(126));
    assert!(tight.len() < MAXIMUM_CHARACTERS);
    let mistake = parse(&tight).unwrap_err();
    assert_eq!((mistake.start, mistake.length), (0, tight.len()));
    insta::assert_snapshot!(mistake, @r"with all its digits and spaces this has more than 2000 characters");
}

#[test]
fn a_condition_can_be_deep_but_not_endless() {
    for (open, close) in [("(", ")"), ("not ", ""), ("!", "")] {
        let nested = |depth: usize| format!("{}chaos > 0.7{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(&nested(MAXIMUM_DEPTH)).is_ok(), "{open}");
        let mistake = parse(&nested(MAXIMUM_DEPTH + 1)).unwrap_err();
        assert_eq!((mistake.start, mistake.length), (MAXIMUM_DEPTH * open.len(), open.trim().len()));
        assert_eq!(mistake.message, "brackets, `not` and signs are more than 32 deep here");
    }
    assert!(parse(&format!("{}accuracy > 0", "-".repeat(MAXIMUM_DEPTH))).is_ok());
    assert!(parse(&format!("{}accuracy > 0", "-".repeat(MAXIMUM_DEPTH + 1))).is_err());
    // What stands side by side is not deep.
    assert!(parse(&vec!["(chaos > 0.7)"; 60].join(" or ")).is_ok());
}

#[test]
fn a_condition_can_be_wide_but_not_endless() {
    // Each comparison is three parts, each `or` one.
    let wide = |count: usize| vec!["chaos > 0.7"; count].join(" or ");
    assert!(parse(&wide(MAXIMUM_PARTS / 4)).is_ok());
    let mistake = parse(&wide(MAXIMUM_PARTS / 4 + 1)).unwrap_err();
    assert_eq!(mistake.message, "a condition has at most 256 names, constants and operators");
}

#[test]
fn there_can_be_many_windows_but_not_endless_ones() {
    let mut vocabulary = vocabulary();
    for seconds in 1..=MAXIMUM_WINDOWS {
        Condition::parse(&format!("avg(pain, {seconds}s) > 0.5"), &mut vocabulary).unwrap();
    }
    assert!(Condition::parse("avg(pain, 7s) > 0.8", &mut vocabulary).is_ok(), "one that is there");
    let text = "avg(pain, 17s) > 0.5";
    insta::assert_snapshot!(pointed_at(text, &Condition::parse(text, &mut vocabulary).unwrap_err()), @r"
    avg(pain, 17s) > 0.5
    ^^^^^^^^^^^^^^ there are already 16 different windows
    = hint: use one that another condition has
    ");
}

#[test]
fn a_mistake_leaves_no_window_behind() {
    let mut vocabulary = vocabulary();
    let before = vocabulary.clone();
    Condition::parse("avg(pain, 5m) > 0.5 and min(pain, 5m) > 0.1 and nonsense", &mut vocabulary).unwrap_err();
    assert_eq!(vocabulary, before);
}

#[test]
fn names_are_added_once_and_well_spelled() {
    let mut vocabulary = Vocabulary::default();
    assert_eq!(vocabulary.add("drift", Kind::Number, Range::ANY), Some(Slot(0)));
    assert_eq!(vocabulary.add("is_new", Kind::Flag, Range::ANY), Some(Slot(1)));
    assert_eq!(vocabulary.add("drift", Kind::Flag, Range::ANY), None);
    for bad in ["", "Drift", "1st", "_x", "a.b", "дрейф", "and", "not", "true", &"x".repeat(65)] {
        assert!(!is_name(bad));
        assert_eq!(vocabulary.add(bad, Kind::Number, Range::ANY), None, "{bad}");
    }
    assert!(is_name(&"x".repeat(64)) && is_name("avg") && is_name("a1_b"));
    assert_eq!(vocabulary.get("is_new"), Some((Slot(1), Kind::Flag)));
    assert_eq!(vocabulary.get("is_old"), None);
    assert_eq!((vocabulary.name(Slot(0)), vocabulary.name(Slot(9))), ("drift", "?"));
    assert_eq!(vocabulary.range(Slot(1)), Range::UNIT);
    assert_eq!((vocabulary.len(), vocabulary.is_empty()), (2, false));
}

#[test]
fn the_slots_have_an_end() {
    let mut vocabulary = Vocabulary::default();
    for number in 0..=u16::MAX {
        assert_eq!(vocabulary.add(&format!("n{number}"), Kind::Number, Range::ANY), Some(Slot(number)));
    }
    assert_eq!(vocabulary.add("one_more", Kind::Number, Range::ANY), None);
    assert!(Condition::parse("avg(n0, 5m) > 1", &mut vocabulary).is_err());
}
