use domain::{EventBody, Text};

use crate::rehearsal::{Rehearsal, moment};

const TONE: &[&str] = &["tone"];

const CALM: [(&str, f64); 4] = [("clarity", 0.75), ("chaos", 0.4), ("trust", 0.8), ("pain", 0.3)];

fn said(rehearsal: &Rehearsal) -> Text {
    let reason = rehearsal.events.iter().rev().find_map(|event| match &event.body {
        EventBody::Tone { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    reason.unwrap()
}

#[test]
fn each_tone_is_taken_on_when_it_is_the_first_that_holds() {
    let rows: [(&str, &[(&str, f64)]); 8] = [
        ("confessional of kayn", &[("trust", 0.49), ("clarity", 0.59)]),
        ("confessional of kayn", &[("pain", 0.71), ("clarity", 0.59)]),
        ("defensive of iskriv", &[("trust", 0.49), ("clarity", 0.6)]),
        ("defensive of iskriv", &[("pain", 0.71), ("chaos", 0.9)]),
        ("creative of pino", &[("chaos", 0.71), ("clarity", 0.65)]),
        ("creative of pino", &[("stagnation_detected", 1.0)]),
        ("recovery of anhantra", &[("clarity", 0.81), ("trust", 0.71), ("pain", 0.49)]),
        ("structuring of sam", &[("clarity", 0.69)]),
    ];
    for (tone, values) in rows {
        let mut rehearsal = Rehearsal::of(TONE);
        assert!(rehearsal.at(0.0, &CALM).is_empty());
        assert_eq!(rehearsal.at(1.0, values), [format!("1: neutral to {tone}")], "{values:?}");
    }
}

#[test]
fn on_every_edge_the_tone_is_neutral() {
    for values in [("trust", 0.5), ("pain", 0.7), ("chaos", 0.7), ("clarity", 0.8), ("clarity", 0.7)] {
        let mut rehearsal = Rehearsal::of(TONE);
        rehearsal.at(0.0, &CALM);
        assert!(rehearsal.at(1.0, &[values]).is_empty(), "{values:?}");
    }
}

#[test]
fn a_tone_changes_at_once_and_says_why() {
    let mut rehearsal = Rehearsal::of(TONE);
    rehearsal.at(0.0, &CALM);
    assert_eq!(rehearsal.at(1.0, &[("clarity", 0.65)]), ["1: neutral to structuring of sam"]);
    assert_eq!(
        said(&rehearsal),
        Text::new("Clarity 0.65 below 0.70: structuring", "Ясность 0,65 ниже 0,70: структурирующий")
    );
    assert!(rehearsal.at(1.5, &[("clarity", 0.66)]).is_empty());
    assert_eq!(rehearsal.explain("structuring").since, Some(moment(1.0)));
    assert_eq!(rehearsal.at(2.0, &[("clarity", 0.75)]), ["2: structuring to neutral of nobody"]);
    assert_eq!(said(&rehearsal), Text::new("Clarity 0.75 not below 0.70", "Ясность 0,75 не ниже 0,70"));
}

#[test]
fn silence_changes_no_tone() {
    let mut rehearsal = Rehearsal::of(TONE);
    rehearsal.at(0.0, &CALM);
    rehearsal.at(1.0, &[("clarity", 0.65)]);
    assert!(rehearsal.at(61.0, &[("clarity", f64::NAN)]).is_empty());
    assert_eq!(rehearsal.at(62.0, &[("trust", 0.3)]), ["62: structuring to defensive of iskriv"]);
}

#[test]
fn a_restored_tone_goes_on_and_one_that_is_gone_from_the_rules_becomes_neutral() {
    let mut rehearsal = Rehearsal::of(TONE);
    rehearsal.at(0.0, &CALM);
    rehearsal.at(1.0, &[("clarity", 0.65)]);
    assert!(rehearsal.restore().is_empty());
    assert!(rehearsal.at(2.0, &[]).is_empty());
    rehearsal.rules.tones.retain(|tone| tone.id != "structuring");
    assert_eq!(rehearsal.restore(), ["2: structuring to neutral of nobody"]);
}

#[test]
fn of_two_that_hold_the_first_goes() {
    let mut rehearsal = Rehearsal::of(TONE);
    rehearsal.at(0.0, &CALM);
    rehearsal.at(1.0, &[("clarity", 0.5), ("trust", 0.4)]);
    assert_eq!(rehearsal.explain("defensive").state.en, "another one goes first");
    assert_eq!(rehearsal.explain("recovery").state.en, "the condition does not hold");
}
