//! When the voices are told as a whole.

use domain::{EventBody, Voice};

use super::*;

const CHORUS: &[&str] = &["chorus"];

/// Iskriv's activity is 0.5 at 0.8, and moves by 0.025 with each 0.01. Hardly active voices never begin.
fn impact(value: f64) -> [(&'static str, f64); 1] {
    [("decision_impact_score", value)]
}

#[test]
fn the_first_is_told_at_once() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    assert_eq!(rehearsal.at(0.0, &impact(0.6)), ["0: chorus led by nobody"]);
    let EventBody::Chorus { chorus } = &rehearsal.events.last().unwrap().body else { panic!("no chorus") };
    assert_eq!(chorus.voices.iter().map(|now| now.voice).collect::<Vec<_>>(), Voice::ALL);
}

#[test]
fn a_noticeable_change_is_told_when_the_time_is_over() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    rehearsal.at(0.0, &impact(0.6));
    assert!(rehearsal.at(1.0, &impact(0.7)).is_empty());
    assert!(rehearsal.at(4.9, &[]).is_empty());
    assert_eq!(rehearsal.at(5.0, &[]), ["5: chorus led by nobody"]);
    assert_eq!(rehearsal.at(11.0, &impact(0.6)), ["11: chorus led by nobody"]);
}

#[test]
fn a_change_that_is_gone_when_the_time_is_over_is_not_told() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    rehearsal.at(0.0, &impact(0.6));
    rehearsal.at(1.0, &impact(0.7));
    assert!(rehearsal.at(6.0, &impact(0.6)).is_empty());
}

#[test]
fn a_small_change_is_not_told_but_many_small_ones_are() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    rehearsal.at(0.0, &impact(0.7));
    assert!(rehearsal.at(10.0, &impact(0.719)).is_empty());
    assert_eq!(rehearsal.at(101.0, &impact(0.721)), ["101: chorus led by nobody"]);
}

#[test]
fn beginnings_and_ends_are_told_at_once() {
    let mut rehearsal = Rehearsal::of(&["chorus", "voice"]);
    rehearsal.at(0.0, &impact(0.6));
    assert_eq!(rehearsal.at(1.0, &impact(0.9)), ["1: iskriv begins by iskriv.2", "1: chorus led by iskriv"]);
    let lines = rehearsal.at(2.0, &[("ethical_compliance", 1.0)]);
    assert_eq!(lines, ["2: iskriv ends Done", "2: chorus led by nobody"]);
    let EventBody::Chorus { chorus } = &rehearsal.events.last().unwrap().body else { panic!("no chorus") };
    let iskriv = &chorus.voices[Voice::Iskriv.index()];
    assert_eq!((iskriv.last_active, iskriv.active.is_none()), (Some(moment(2.0)), true));
}

#[test]
fn a_voice_that_stands_down_is_only_as_active_as_its_conditions_hold() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    rehearsal.at(0.0, &impact(0.9));
    rehearsal.at(1.0, &impact(0.7));
    let activity = |rehearsal: &Rehearsal| {
        let EventBody::Chorus { chorus } = &rehearsal.events.last().unwrap().body else { panic!("no chorus") };
        chorus.voices[Voice::Iskriv.index()].activity
    };
    assert_eq!(rehearsal.at(6.0, &[]).len(), 1);
    assert_eq!(activity(&rehearsal), 0.5, "at least, while it is active");
    assert_eq!(rehearsal.at(7.0, &[("ethical_compliance", 1.0)]).len(), 1);
    assert_eq!(activity(&rehearsal), 0.25);
}

#[test]
fn a_change_that_is_just_noticeable_is_told_wherever_it_begins() {
    for from in 0..90 {
        let mut rehearsal = Rehearsal::of(CHORUS);
        // 0.002 more make 0.005 of activity.
        let at = |steps: i32| impact(f64::from(300 + steps) / 500.0);
        rehearsal.at(0.0, &at(from));
        assert!(rehearsal.at(10.0, &at(from + 9)).is_empty(), "{from} steps from 0.6");
        assert_eq!(rehearsal.at(20.0, &at(from + 10)), ["20: chorus led by nobody"], "{from} steps from 0.6");
    }
}

#[test]
fn conflicts_are_told_at_once() {
    let mut rehearsal = Rehearsal::of(CHORUS);
    rehearsal.at(0.0, &[("rigidity_detected", 1.0), ("decision_impact_score", 0.6)]);
    assert_eq!(rehearsal.at(1.0, &impact(0.75)), ["1: chorus led by anhantra"]);
    let EventBody::Chorus { chorus } = &rehearsal.events.last().unwrap().body else { panic!("no chorus") };
    // Anhantra was called by the first, and is in conflict with Hundun herself.
    assert_eq!(chorus.conflicts.len(), 2);
}

#[test]
fn the_voices_of_an_action_are_in_the_chorus_of_the_same_moment() {
    let mut rehearsal = Rehearsal::of(&["chorus", "voice", "action"]);
    assert_eq!(
        rehearsal.at(0.0, &[("clarity", 0.91)]),
        [
            "0: activate_pino_hundun Inside None",
            "0: pino begins by activate_pino_hundun",
            "0: hundun begins by activate_pino_hundun",
            "0: iskra begins by iskra.2",
            "0: chorus led by pino",
        ]
    );
}

#[test]
fn another_leader_is_told_however_little_moved() {
    let mut rehearsal = Rehearsal::with(without_actions(), CHORUS);
    let both = [("clarity", 0.65), ("complexity", 0.9), ("trust", 0.56), ("pain", 0.8)];
    assert_eq!(rehearsal.at(0.0, &both), ["0: chorus led by sam"]);
    // Iskra has heard that two are active.
    assert_eq!(rehearsal.at(10.0, &[]), ["10: chorus led by sam"]);
    assert!(rehearsal.at(20.0, &[]).is_empty());
    // From 0.6 to 0.638, and now more than Sam's 0.625.
    assert_eq!(rehearsal.at(30.0, &[("trust", 0.545)]), ["30: chorus led by anhantra"]);
}
