//! The four pairs that disagree, and the numbers of the whole.

use domain::{Chorus, EventBody, Mood, Voice};

use super::*;

const CONFLICT: &[&str] = &["conflict"];

/// Hundun at full energy, Iskriv at (0.5 + (impact - 0.8) / 0.4) × 1.2, not active up to 0.8.
fn iskriv_and_hundun(impact: f64) -> [(&'static str, f64); 2] {
    [("decision_impact_score", impact), ("rigidity_detected", 1.0)]
}

/// With this pair alone: else Anhantra comes to mediate, and is in conflict with Hundun herself.
fn one_pair() -> Rehearsal {
    let mut rules = rules::Rules::built_in();
    rules.voices.polyphony.conflicts = vec![[Voice::Iskriv, Voice::Hundun]];
    Rehearsal::with(rules, CONFLICT)
}

#[test]
fn a_conflict_begins_at_its_intensity_and_ends_below_the_hysteresis() {
    let mut rehearsal = one_pair();
    assert!(rehearsal.at(0.0, &iskriv_and_hundun(0.73)).is_empty());
    assert_eq!(rehearsal.at(1.0, &iskriv_and_hundun(0.7334)), ["1: iskriv and hundun disagree at 0.7"]);
    assert!(rehearsal.at(2.0, &iskriv_and_hundun(0.701)).is_empty());
    assert_eq!(rehearsal.at(3.0, &iskriv_and_hundun(0.699)), ["3: iskriv and hundun agree at 0.648"]);
}

#[test]
fn a_conflict_is_detected_above_the_intensity_only() {
    let mut rehearsal = one_pair();
    rehearsal.at(0.0, &iskriv_and_hundun(0.7334));
    assert_eq!(rehearsal.value("conflict_detected"), 0.0);
    rehearsal.at(1.0, &iskriv_and_hundun(0.74));
    assert_eq!(rehearsal.value("conflict_detected"), 1.0);
    rehearsal.at(2.0, &iskriv_and_hundun(0.72));
    assert_eq!(rehearsal.value("conflict_detected"), 0.0);
}

#[test]
fn each_pair_of_the_rules_can_disagree() {
    let pairs: [(&str, Values); 4] = [
        ("kayn and pino", &[("trust", 0.1), ("accuracy", 0.1), ("stagnation_detected", 1.0)]),
        ("sam and hundun", &[("clarity", 0.3), ("complexity", 1.0), ("rigidity_detected", 1.0)]),
        ("iskriv and hundun", &[("ethical_violation_detected", 1.0), ("rigidity_detected", 1.0)]),
        ("anhantra and hundun", &[("trust", 0.3), ("pain", 0.8), ("rigidity_detected", 1.0)]),
    ];
    for (pair, values) in pairs {
        let lines = Rehearsal::of(CONFLICT).at(0.0, values);
        assert!(lines.iter().any(|line| line.starts_with(&format!("0: {pair} disagree"))), "{pair}: {lines:?}");
    }
}

#[test]
fn the_better_rank_leads_and_the_other_waits() {
    let mut rehearsal = Rehearsal::of(CONFLICT);
    rehearsal.at(0.0, &[("trust", 0.1), ("accuracy", 0.1), ("stagnation_detected", 1.0)]);
    let chorus = rehearsal.voices.chorus(&rehearsal.rules);
    let conflict = &chorus.conflicts[0];
    assert_eq!((chorus.leader, conflict.leads, conflict.mediates), (Some(Voice::Kayn), Some(Voice::Kayn), None));
    let mood = |voice: Voice| chorus.voices[voice.index()].mood;
    assert_eq!((mood(Voice::Kayn), mood(Voice::Pino)), (Mood::Leading, Mood::Waiting));
    assert_eq!((mood(Voice::Iskra), mood(Voice::Sam)), (Mood::Engaged, Mood::Resting));
    let said = rehearsal.events.iter().find_map(|event| match &event.body {
        EventBody::Conflict { reason, .. } => Some(format!("{}\n{}", reason.en, reason.ru)),
        _ => None,
    });
    insta::assert_snapshot!(said.unwrap(), @"
    Kayn (1.00) and Pino (1.00) disagree, intensity 1.00: Kayn leads, Pino waits
    Кайн (1,00) и Пино (1,00) спорят, сила 1,00: ведёт Кайн, Пино ждёт
    ");
}

#[test]
fn between_equals_the_integrator_mediates() {
    let mut rehearsal = one_pair();
    rehearsal.rules.voices.voices[Voice::Hundun.index()].rank = 1;
    rehearsal.at(0.0, &iskriv_and_hundun(0.9));
    let conflict = rehearsal.voices.chorus(&rehearsal.rules).conflicts[0].clone();
    assert_eq!((conflict.leads, conflict.mediates), (None, Some(Voice::Iskra)));
    rehearsal.at(1.0, &[("rigidity_detected", 0.0), ("decision_impact_score", 0.1)]);
    let said: Vec<String> = rehearsal
        .events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::Conflict { reason, .. } => Some(format!("{}\n{}", reason.en, reason.ru)),
            _ => None,
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    Iskriv (0.90) and Hundun (1.00) disagree, intensity 0.95: Iskra mediates
    Искрив (0,90) и Хундун (1,00) спорят, сила 0,95: мирит Искра
    Iskriv (0.60) and Hundun (0.60) no longer disagree, intensity 0.60
    Искрив (0,60) и Хундун (0,60) больше не спорят, сила 0,60
    ");
}

#[test]
fn a_pair_that_the_rules_no_longer_name_stops_disagreeing() {
    let mut rehearsal = one_pair();
    rehearsal.at(0.0, &iskriv_and_hundun(0.9));
    rehearsal.rules.voices.polyphony.conflicts.clear();
    assert_eq!(rehearsal.restore(), ["0: iskriv and hundun agree at 0.95"]);
    assert_eq!(rehearsal.value("conflict_detected"), 0.0);
}

#[test]
fn the_leader_is_the_best_rank_then_the_more_urgent_then_the_one_with_more_energy_then_the_first() {
    let leader = |values: &[(&str, f64)]| {
        let mut rehearsal = Rehearsal::with(without_actions(), CONFLICT);
        rehearsal.at(0.0, values);
        let leader = rehearsal.voices.chorus(&rehearsal.rules).leader;
        let flags = Voice::ALL.map(|voice| rehearsal.value(&format!("{}_leads", voice.name())) == 1.0);
        assert_eq!(flags, Voice::ALL.map(|voice| leader == Some(voice)));
        leader
    };
    assert_eq!(leader(&[("chaos", 0.5)]), None);
    let kayn = [("trust", 0.1), ("accuracy", 0.1)];
    let sam = [("clarity", 0.69), ("complexity", 0.61)];
    let anhantra = [("trust", 0.55), ("pain", 0.45)];
    assert_eq!(leader(&[&kayn[..], &sam].concat()), Some(Voice::Kayn), "rank");
    let iskriv = [("decision_impact_score", 0.81)];
    assert_eq!(leader(&[&kayn[..], &iskriv].concat()), Some(Voice::Iskriv), "urgency");
    assert_eq!(leader(&[&sam[..], &anhantra].concat()), Some(Voice::Anhantra), "energy");
    let as_much = [("trust", 0.1), ("pain", 0.81), ("clarity", 0.1), ("complexity", 0.9)];
    assert_eq!(leader(&as_much), Some(Voice::Sam), "order");
}

#[test]
fn each_pair_of_the_rules_can_agree() {
    let pairs: [(Voice, Voice, Values); 5] = [
        (Voice::Pino, Voice::Hundun, &[("stagnation_detected", 1.0), ("rigidity_detected", 1.0)]),
        (Voice::Sam, Voice::Kayn, &[("clarity", 0.65), ("complexity", 0.9), ("trust", 0.4), ("accuracy", 0.5)]),
        (Voice::Anhantra, Voice::Iskra, &[("trust", 0.5), ("pain", 0.6), ("clarity", 0.65), ("complexity", 0.9)]),
        (Voice::Kayn, Voice::Anhantra, &[("trust", 0.4), ("accuracy", 0.5), ("pain", 0.6)]),
        (Voice::Sam, Voice::Iskra, &[("trust", 0.5), ("pain", 0.6), ("clarity", 0.65), ("complexity", 0.9)]),
    ];
    for (one, other, values) in pairs {
        let mut rehearsal = Rehearsal::of(CONFLICT);
        rehearsal.at(0.0, values);
        // What two active voices do to Iskra is heard with the next sample.
        rehearsal.at(1.0, values);
        let Chorus { voices, synergies, .. } = rehearsal.voices.chorus(&rehearsal.rules);
        let synergy = synergies.iter().find(|synergy| synergy.between == [one, other]);
        let mean = (voices[one.index()].energy + voices[other.index()].energy) / 2.0;
        assert!((synergy.unwrap().strength - mean).abs() < 0.002, "{one:?} {other:?}");
    }
}

#[test]
fn a_synergy_needs_more_than_half_of_both() {
    let mut rehearsal = Rehearsal::of(CONFLICT);
    // Active and no more than that: exactly 0.5.
    rehearsal.at(0.0, &[("stagnation_detected", 1.0), ("rigidity_detected", 1.0)]);
    rehearsal.at(1.0, &[("stagnation_detected", 0.0)]);
    assert!(rehearsal.voices.chorus(&rehearsal.rules).synergies.is_empty());
}

#[test]
fn harmony_and_readiness_follow_their_formulas() {
    let mut rehearsal = Rehearsal::of(CONFLICT);
    rehearsal.at(0.0, &[("rigidity_detected", 1.0), ("decision_impact_score", 0.9)]);
    // A sample later Iskra has heard that two voices are active. Hundun 1, Iskriv 0.75 × 1.2 = 0.9, Iskra 1; and with
    // the conflict Anhantra 1, who is in conflict with Hundun.
    rehearsal.at(1.0, &[]);
    let chorus = rehearsal.voices.chorus(&rehearsal.rules);
    let harmony: f64 = (1.0 + 0.9 + 1.0 + 1.0) / 7.0 - 0.1 * 2.0;
    let readiness = 4.0 / 7.0 * harmony * (1.0 - 0.2 * 2.0);
    assert_eq!(chorus.conflicts.len(), 2);
    assert!((chorus.harmony - harmony).abs() < 0.001, "{chorus:?}");
    assert!((chorus.synthesis_readiness - readiness).abs() < 0.001, "{chorus:?}");
    assert!((rehearsal.value("harmony") - harmony).abs() < 0.001);
    assert!((rehearsal.value("synthesis_readiness") - readiness).abs() < 0.001);
}

#[test]
fn energy_is_a_fifth_more_than_activity_up_to_one() {
    let mut rehearsal = Rehearsal::of(CONFLICT);
    for (impact, activity, energy) in [(0.7, 0.25, 0.3), (0.8, 0.5, 0.6), (0.92, 0.8, 0.96), (0.96, 0.9, 1.0)] {
        rehearsal.at(0.0, &[("decision_impact_score", impact)]);
        let iskriv = rehearsal.voices.chorus(&rehearsal.rules).voices[Voice::Iskriv.index()].clone();
        assert_eq!((iskriv.activity, iskriv.energy), (activity, energy));
    }
}

#[test]
fn so_many_voices_besides_the_integrator_are_multiple() {
    let mut rehearsal = Rehearsal::of(CONFLICT);
    rehearsal.at(0.0, &[("rigidity_detected", 1.0)]);
    assert_eq!((rehearsal.value("multiple_voices_active"), rehearsal.value("hundun_active")), (0.0, 1.0));
    rehearsal.at(1.0, &[("stagnation_detected", 1.0)]);
    assert_eq!((rehearsal.value("multiple_voices_active"), rehearsal.value("iskra_active")), (1.0, 1.0));
    // Hundun stands down: Pino and Iskra are left.
    rehearsal.at(2.0, &[("system_chaos", 0.9)]);
    assert_eq!((rehearsal.value("multiple_voices_active"), rehearsal.value("iskra_active")), (0.0, 1.0));
}

#[test]
fn who_is_called_by_the_others_says_by_whom() {
    let mut rehearsal = Rehearsal::with(without_actions(), CONFLICT);
    rehearsal.at(0.0, &[("trust", 0.1), ("accuracy", 0.1), ("stagnation_detected", 1.0)]);
    let reasons = rehearsal.events.iter().filter_map(|event| match &event.body {
        EventBody::Voice { voice: Voice::Anhantra | Voice::Iskra, activation, .. } => Some(activation.reason.clone()),
        _ => None,
    });
    let said: Vec<String> = reasons.flat_map(|reason| [reason.en, reason.ru]).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    Voices disagree: both sides are heard (Kayn and Pino, 1.00)
    Голоса спорят: выслушаем обе стороны (Кайн и Пино, 1,00)
    Several voices are active: many voices become one answer (Kayn, Pino, Anhantra)
    Звучит несколько голосов: из многих голосов складывается один ответ (Кайн, Пино, Анхантра)
    ");
}

#[test]
fn a_conflict_that_begins_stays_until_the_next_moment_at_least() {
    let mut rehearsal = one_pair();
    assert_eq!(rehearsal.at(0.0, &iskriv_and_hundun(0.9)).len(), 1);
    // Another sample of the same moment.
    assert!(rehearsal.at(0.0, &[("decision_impact_score", 0.1), ("rigidity_detected", 0.0)]).is_empty());
    assert_eq!(rehearsal.at(0.1, &[]), ["0.1: iskriv and hundun agree at 0.6"]);
}
