use std::time::Duration;

use conditions::Condition;
use domain::EventBody;
use rules::Rules;

use crate::chronicle::{Chronicle, OK, derive};

const STAGNANT: [(&str, f64); 4] = [("clarity", 0.88), ("chaos", 0.15), ("trust", 0.75), ("pain", 0.25)];

/// The reason of the last change of a derived signal.
fn reason(story: &Chronicle) -> (&str, &str) {
    let reason = story.events.iter().rev().find_map(|event| match &event.body {
        EventBody::Signal { reason, .. } => Some(reason),
        _ => None,
    });
    let reason = reason.expect("no signal was told");
    (&reason.en, &reason.ru)
}

#[test]
fn stagnation_is_detected_when_it_has_held_for_fifteen_minutes() {
    let mut story = Chronicle::of(&["signal"]);
    assert!(story.repeat(0.0, 900.0, 30.0, &STAGNANT).is_empty());
    assert_eq!(story.tick(901.0), ["900: stagnation_detected true"]);
    assert_eq!(
        reason(&story),
        (
            "Clarity 0.88 above 0.85 and chaos 0.15 below 0.20 for 15 min",
            "Ясность 0,88 выше 0,85 и хаос 0,15 ниже 0,20 уже 15 мин"
        )
    );
    assert_eq!(story.at(929.0, &OK), ["929: stagnation_detected false"]);
    assert_eq!(
        reason(&story),
        (
            "Clarity 0.75 not above 0.85 and chaos 0.35 not below 0.20",
            "Ясность 0,75 не выше 0,85 и хаос 0,35 не ниже 0,20"
        )
    );
}

#[test]
fn what_is_interrupted_begins_anew() {
    let mut story = Chronicle::of(&["signal"]);
    story.repeat(0.0, 890.0, 30.0, &STAGNANT);
    story.at(890.0, &[("chaos", 0.2)]);
    assert!(story.repeat(891.0, 1_791.0, 30.0, &STAGNANT).is_empty());
    assert_eq!(story.tick(1_791.0), ["1791: stagnation_detected true"]);
}

#[test]
fn a_silence_interrupts_what_has_not_held_for_long_enough() {
    let mut story = Chronicle::of(&["signal"]);
    story.repeat(0.0, 811.0, 30.0, &STAGNANT);
    assert!(story.tick(2_000.0).is_empty());
    assert!(story.repeat(2_000.0, 2_900.0, 30.0, &STAGNANT).is_empty());
    assert_eq!(story.tick(2_900.0), ["2900: stagnation_detected true"]);
}

#[test]
fn a_silence_ends_nothing() {
    let mut story = Chronicle::of(&["signal"]);
    story.repeat(0.0, 871.0, 30.0, &STAGNANT);
    // The vitals go stale at 930, so 15 minutes pass while they still hold.
    assert_eq!(story.tick(2_000.0), ["900: stagnation_detected true"]);
    assert!(story.at(2_000.0, &STAGNANT).is_empty(), "it has gone on");
    // One vital alone is silent: then what is said counts.
    assert_eq!(story.at(2_100.0, &[("clarity", 0.88)]), ["2100: stagnation_detected false"]);
    assert_eq!(reason(&story).0, "No value of chaos");
}

#[test]
fn what_stays_true_for_a_while_stays_so_until_that_was_measured() {
    let mut story = Chronicle::of(&["signal", "voice"]);
    let violation = |flag: f64| [("pain", 0.3), ("ethical_violation_detected", flag)];
    story.at(0.0, &violation(1.0));
    assert!(story.at(10.0, &violation(0.0)).is_empty());
    // Silent from 70 on: neither the violation ends nor is ethics complied with.
    assert!(story.tick(10_000.0).is_empty());
    let veto = story.view(10_000.0).explain().into_iter().find(|now| now.rule == "iskriv.veto").unwrap();
    assert_eq!(veto.holds, Some(true));
    assert!(story.repeat(10_000.0, 10_120.0, 10.0, &violation(0.0)).is_empty());
    assert_eq!(
        story.at(10_120.0, &violation(0.0)),
        ["10120: ethical_violation_stands false", "10120: iskriv ends Done"]
    );
}

#[test]
fn the_duration_is_that_at_the_latest_sample() {
    let mut rules = Rules::built_in();
    derive(&mut rules, "long_stagnation", "stagnation_duration > 5m");
    let mut story = Chronicle::with(rules, &["signal"]);
    story.repeat(0.0, 900.0, 30.0, &STAGNANT);
    assert_eq!(story.repeat(900.0, 1_230.0, 30.0, &STAGNANT), ["900: stagnation_detected true"]);
    assert!(story.tick(1_229.0).is_empty());
    assert_eq!(story.at(1_230.0, &STAGNANT), ["1230: long_stagnation true"]);
    // It ends with the stagnation: what is false has no duration.
    assert_eq!(story.at(1_240.0, &OK), ["1240: stagnation_detected false", "1240: long_stagnation false"]);
}

#[test]
fn rigidity_is_told_at_once() {
    let mut story = Chronicle::of(&["signal"]);
    assert!(story.at(0.0, &[("clarity", 0.949)]).is_empty());
    assert_eq!(story.at(1.0, &[("clarity", 0.95)]), ["1: rigidity_detected true"]);
    assert_eq!(reason(&story).0, "Clarity 0.95 not below 0.95");
    assert!(story.at(2.0, &[("clarity", 0.96)]).is_empty());
    assert_eq!(story.at(3.0, &[("clarity", 0.9)]), ["3: rigidity_detected false"]);
}

#[test]
fn an_ethical_violation_stands_for_two_minutes_after_it_was_last_seen() {
    let mut story = Chronicle::of(&["signal", "voice"]);
    let violation = |flag: f64| [("pain", 0.3), ("ethical_violation_detected", flag)];
    assert_eq!(story.at(0.0, &violation(1.0)), ["0: ethical_violation_stands true", "0: iskriv begins"]);
    story.at(10.0, &violation(0.0));
    story.at(60.0, &violation(1.0));
    assert!(story.repeat(70.0, 190.0, 10.0, &violation(0.0)).is_empty());
    // With it ethics are complied with again, which nobody is told of but Iskriv.
    assert_eq!(story.tick(190.0), ["190: ethical_violation_stands false", "190: iskriv ends Done"]);
    assert_eq!(reason(&story).0, "Ethical violation detected: no for 2 min");
}

#[test]
fn a_derived_signal_is_false_from_the_first_sample_on() {
    let mut rules = Rules::built_in();
    derive(&mut rules, "nothing_stands", "not ethical_violation_stands and not stagnation_detected");
    let mut story = Chronicle::with(rules, &["signal"]);
    assert_eq!(story.at(0.0, &[("trust", 0.8)]), ["0: nothing_stands true"]);
}

#[test]
fn synthesis_is_completed_when_all_has_been_ok_for_a_minute_under_iskra() {
    let mut rules = Rules::built_in();
    let iskra = &mut rules.voices.voices[domain::Voice::Iskra.index()];
    iskra.triggers[0].when = Condition::parse("pain > 0.45", &mut rules.signals.vocabulary).unwrap();
    let mut story = Chronicle::with(rules, &["signal", "voice"]);
    story.repeat(0.0, 100.0, 10.0, &OK);
    assert_eq!(story.at(100.0, &[("pain", 0.46)]), ["100: iskra begins"]);
    // It is heard of with the next sample.
    story.at(110.0, &OK);
    story.at(140.0, &OK);
    assert_eq!(story.tick(170.0), ["170: synthesis_completed true", "170: iskra ends Done"]);
}

#[test]
fn a_derived_signal_is_explained() {
    let mut story = Chronicle::of(&["signal"]);
    let check = |story: &mut Chronicle, at: f64, rule: &str, en: &str, ru: &str, why: &str| {
        assert_eq!(story.explain(at, rule), [en, ru, why]);
    };
    story.at(0.0, &OK);
    check(&mut story, 0.0, "rigidity_detected", "false", "ложь", "clarity 0.75 >= 0.95");
    story.at(10.0, &STAGNANT);
    let (en, ru) = ("false: the condition has held for 50 s of 15 min", "ложь: условие выполняется 50 с из 15 мин");
    check(&mut story, 60.0, "stagnation_detected", en, ru, "clarity 0.88 > 0.85 and chaos 0.15 < 0.2");
    story.at(65.0, &[("ethical_violation_detected", 1.0), ("pain", 0.3)]);
    check(&mut story, 65.0, "ethical_violation_stands", "true", "истина", "ethical_violation_detected true");
    story.at(70.0, &[("ethical_violation_detected", 0.0), ("pain", 0.3)]);
    let why = "ethical_violation_detected false";
    check(&mut story, 100.0, "ethical_violation_stands", "true for another 90 s", "истина ещё 90 с", why);
}

#[test]
fn what_it_waits_for_survives_a_restore() {
    let mut story = Chronicle::of(&["signal"]);
    story.repeat(0.0, 871.0, 30.0, &STAGNANT);
    story.restore();
    assert_eq!(story.tick(900.0), ["900: stagnation_detected true"]);
    story.restore();
    let saved = r#"{"stagnation_detected":{"on":{"since":"2026-01-01T00:15:00Z"}}}"#;
    assert_eq!(story.part_text("derived"), saved, "what is as at the beginning is not saved");
    assert_eq!(story.at(931.0, &OK), ["931: stagnation_detected false"]);
}

#[test]
fn a_signal_that_the_rules_no_longer_have_ends() {
    let mut story = Chronicle::of(&["signal"]);
    story.at(0.0, &[("clarity", 0.96)]);
    let mut rules = Rules::built_in();
    rules.signals.derived.retain(|derived| derived.name != "rigidity_detected");
    rules.hash = "others".to_owned();
    story.adopt(rules);
    assert_eq!(story.at(1.0, &[("clarity", 0.96)]), ["0: rigidity_detected false"]);
    assert_eq!(reason(&story).0, "the rules no longer have this signal");
}

#[test]
fn a_shorter_hold_counts_from_when_it_began() {
    let mut story = Chronicle::of(&["signal"]);
    story.repeat(0.0, 100.0, 30.0, &STAGNANT);
    let mut rules = Rules::built_in();
    rules.signals.derived[0].hold = Duration::from_secs(60);
    rules.hash = "others".to_owned();
    story.adopt(rules);
    assert_eq!(story.at(120.0, &STAGNANT), ["90: stagnation_detected true"]);
}
