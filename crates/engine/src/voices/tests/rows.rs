//! Every row of the shipped voices: what activates a voice, what does not, and when it stands down.

use super::*;

/// A trigger, values at which it holds, and each part of them changed so that it does not.
const TRIGGERS: &[(&str, Values, Values)] = &[
    ("kayn.1", &[("chaos", 0.71), ("truth_violations", 1.0)], &[("chaos", 0.7), ("truth_violations", 0.0)]),
    ("kayn.2", &[("trust", 0.49), ("accuracy", 0.79)], &[("trust", 0.5), ("accuracy", 0.8)]),
    ("pino.1", &[("chaos", 0.41), ("clarity", 0.71)], &[("chaos", 0.4), ("chaos", 0.7), ("clarity", 0.7)]),
    ("pino.2", &[("stagnation_detected", 1.0)], &[("stagnation_detected", 0.0)]),
    ("sam.1", &[("clarity", 0.69), ("complexity", 0.61)], &[("clarity", 0.7), ("complexity", 0.6)]),
    ("sam.2", &[("chaos", 0.71), ("needs_organization", 1.0)], &[("chaos", 0.7), ("needs_organization", 0.0)]),
    ("anhantra.1", &[("trust", 0.59), ("pain", 0.41)], &[("trust", 0.6), ("pain", 0.4)]),
    ("hundun.1", &[("chaos", 0.19), ("stagnation_duration", 301.0)], &[("chaos", 0.2), ("stagnation_duration", 300.0)]),
    ("hundun.2", &[("rigidity_detected", 1.0)], &[("rigidity_detected", 0.0)]),
    ("iskriv.1", &[("ethical_violation_detected", 1.0)], &[("ethical_violation_detected", 0.0)]),
    ("iskriv.2", &[("decision_impact_score", 0.81)], &[("decision_impact_score", 0.8)]),
];

/// A voice, what makes it active, values at which it stands down, and each part of them changed so that it does not.
const STAND_DOWNS: &[(&str, Values, Values, Values)] = &[
    (
        "kayn",
        &[("trust", 0.4), ("accuracy", 0.5)],
        &[("chaos", 0.39), ("accuracy", 0.91)],
        &[("chaos", 0.4), ("accuracy", 0.9)],
    ),
    ("pino", &[("stagnation_detected", 1.0)], &[("chaos", 0.81)], &[("chaos", 0.8)]),
    ("pino", &[("stagnation_detected", 1.0)], &[("clarity", 0.59)], &[("clarity", 0.6)]),
    (
        "sam",
        &[("clarity", 0.6), ("complexity", 0.7)],
        &[("clarity", 0.86), ("structure_score", 0.81)],
        &[("clarity", 0.85), ("structure_score", 0.8)],
    ),
    (
        "anhantra",
        &[("trust", 0.5), ("pain", 0.5)],
        &[("trust", 0.81), ("pain", 0.29)],
        &[("trust", 0.8), ("pain", 0.3)],
    ),
    ("hundun", &[("rigidity_detected", 1.0)], &[("chaos", 0.61)], &[("chaos", 0.6)]),
    ("hundun", &[("rigidity_detected", 1.0)], &[("system_chaos", 0.71)], &[("system_chaos", 0.7)]),
    ("iskriv", &[("decision_impact_score", 0.9)], &[("ethical_compliance", 1.0)], &[("ethical_compliance", 0.0)]),
    (
        "iskra",
        &[("rigidity_detected", 1.0), ("stagnation_detected", 1.0)],
        &[("synthesis_completed", 1.0)],
        &[("synthesis_completed", 0.0)],
    ),
];

#[test]
fn each_trigger_activates_its_voice() {
    for (trigger, holds, _) in TRIGGERS {
        let (voice, _) = trigger.split_once('.').unwrap();
        let mut rehearsal = Rehearsal::with(without_actions(), VOICE);
        assert_eq!(rehearsal.at(0.0, holds), [format!("0: {voice} begins by {trigger}")]);
    }
}

#[test]
fn no_trigger_activates_its_voice_with_a_part_missing_or_unknown() {
    for (trigger, holds, fails) in TRIGGERS {
        for change in *fails {
            let mut rehearsal = Rehearsal::with(without_actions(), VOICE);
            let values = [holds, &[*change][..]].concat();
            assert!(rehearsal.at(0.0, &values).is_empty(), "{trigger} at {change:?}");
            let values = [holds, &[(change.0, UNKNOWN)][..]].concat();
            assert!(rehearsal.at(1.0, &values).is_empty(), "{trigger} without {change:?}");
        }
    }
}

#[test]
fn each_voice_stands_down_by_its_own_condition_and_not_before() {
    for (voice, holds, done, fails) in STAND_DOWNS {
        for change in *fails {
            let mut rehearsal = Rehearsal::of(VOICE);
            let begun = rehearsal.at(0.0, holds);
            assert!(begun.iter().any(|line| line.contains(&format!("{voice} begins"))), "{begun:?}");
            let ended = format!("{voice} ends");
            let almost = [done, &[*change][..]].concat();
            assert!(rehearsal.at(1.0, &almost).iter().all(|line| !line.contains(&ended)), "{voice} at {change:?}");
            assert!(rehearsal.at(2.0, done).contains(&format!("2: {voice} ends Done")), "{voice}");
        }
    }
}

#[test]
fn conflict_calls_anhantra() {
    let mut rehearsal = Rehearsal::with(without_actions(), VOICE);
    // Kayn and Pino at full energy.
    let values = [("trust", 0.1), ("accuracy", 0.1), ("stagnation_detected", 1.0)];
    let lines = rehearsal.at(0.0, &values);
    assert_eq!(
        lines,
        [
            "0: kayn begins by kayn.2",
            "0: pino begins by pino.2",
            "0: anhantra begins by anhantra.2",
            "0: iskra begins by iskra.2",
        ]
    );
}

#[test]
fn two_voices_call_iskra_within_the_same_moment() {
    let mut rehearsal = Rehearsal::of(VOICE);
    assert_eq!(rehearsal.at(0.0, &[("rigidity_detected", 1.0)]), ["0: hundun begins by hundun.2"]);
    let lines = rehearsal.at(1.0, &[("stagnation_detected", 1.0)]);
    assert_eq!(lines, ["1: pino begins by pino.2", "1: iskra begins by iskra.2"]);
}

#[test]
fn readiness_above_four_fifths_calls_iskra() {
    // Without conflicts, and without the other trigger.
    let mut rules = without_actions();
    rules.voices.polyphony.conflicts.clear();
    rules.voices.polyphony.multiple_from = 7;
    let mut rehearsal = Rehearsal::with(rules, VOICE);
    // Sam at energy 0.9, the other five at 1: of seven, six are heard.
    let six = [
        ("trust", 0.1),
        ("accuracy", 0.1),
        ("stagnation_detected", 1.0),
        ("clarity", 0.6),
        ("complexity", 0.9),
        ("pain", 0.9),
        ("rigidity_detected", 1.0),
        ("ethical_violation_detected", 1.0),
    ];
    let lines = rehearsal.at(0.0, &six);
    assert!(lines.len() == 6 && lines.iter().all(|line| !line.contains("iskra")), "{lines:?}");
    assert!((rehearsal.value("synthesis_readiness") - 6.0 / 7.0 * 5.9 / 7.0).abs() < 0.001);
    // So near to it Iskra is heard too, and what she adds is enough.
    assert_eq!(rehearsal.at(1.0, &[]), ["1: iskra begins by iskra.1"]);
}
