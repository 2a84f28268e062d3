//! Whatever happens: names are given once, what begins ends before it begins again, a restore changes nothing, and what
//! was triggered was either done or suppressed.

use std::collections::BTreeSet;

use domain::{EventBody, Suppression};
use proptest::prelude::*;

use super::*;
use crate::counts::Counted;

const ALL: &[&str] = &["voice", "conflict", "chorus", "action", "symbol", "tone"];

const NAMES: [&str; 14] = [
    "clarity",
    "chaos",
    "trust",
    "pain",
    "accuracy",
    "complexity",
    "structure_score",
    "decision_impact_score",
    "system_chaos",
    "drift",
    "stagnation_detected",
    "rigidity_detected",
    "ethical_violation_stands",
    "synthesis_completed",
];

type Happening = (f64, Vec<(&'static str, f64)>);

fn happenings() -> impl Strategy<Value = Vec<Happening>> {
    let number = prop_oneof![4 => 0.0..=1.0f64, 2 => Just(0.0), 2 => Just(1.0), 1 => Just(f64::NAN)];
    let value = (prop::sample::select(NAMES.to_vec()), number);
    // Several samples at one moment, and long silences.
    let pause = prop_oneof![1 => Just(0.0), 6 => 0.1..20.0f64, 2 => 20.0..700.0f64];
    prop::collection::vec((pause, prop::collection::vec(value, 0..6)), 1..60)
}

fn perform(happenings: &[Happening], restores: bool) -> (Rehearsal, Vec<String>) {
    let mut rehearsal = Rehearsal::of(ALL);
    let (mut lines, mut now) = (Vec::new(), 0.0);
    for (pause, values) in happenings {
        now += pause;
        lines.extend(rehearsal.at(now, values));
        if restores {
            lines.extend(rehearsal.restore());
        }
    }
    lines.extend(rehearsal.tick(now + 5_000.0));
    (rehearsal, lines)
}

fn alternates(is_on: &mut BTreeSet<String>, name: &str, begins: bool) -> Result<(), TestCaseError> {
    let is_right = if begins { is_on.insert(name.to_owned()) } else { is_on.remove(name) };
    prop_assert!(is_right, "{name} begins or ends twice");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_restore_changes_nothing(happenings in happenings()) {
        let (plain, lines) = perform(&happenings, false);
        let (restored, same) = perform(&happenings, true);
        prop_assert_eq!(lines, same);
        prop_assert_eq!(plain.saved(), restored.saved());
        prop_assert_eq!(plain.events, restored.events);
    }

    #[test]
    fn names_are_given_once_and_what_begins_ends(happenings in happenings()) {
        let (rehearsal, _) = perform(&happenings, false);
        let ids: BTreeSet<&str> = rehearsal.events.iter().map(|event| event.id.as_str()).collect();
        prop_assert_eq!(ids.len(), rehearsal.events.len());
        let mut is_on = BTreeSet::new();
        for event in &rehearsal.events {
            match &event.body {
                EventBody::Voice { voice, stood_down, .. } => {
                    alternates(&mut is_on, voice.name(), stood_down.is_none())?;
                }
                EventBody::Conflict { conflict, over, .. } => {
                    alternates(&mut is_on, &format!("{:?}", conflict.between), !over)?;
                }
                EventBody::Tone { from, tone, .. } => prop_assert_ne!(from, &tone.tone),
                EventBody::Chorus { chorus } => {
                    let active = chorus.voices.iter().filter(|now| now.active.is_some());
                    prop_assert_eq!(chorus.leader.is_some(), active.clone().count() > 0);
                    prop_assert!(active.clone().all(|now| now.activity >= 0.5));
                    let numbers = [chorus.harmony, chorus.synthesis_readiness];
                    prop_assert!(numbers.iter().all(|number| (0.0..=1.0).contains(number)));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn what_was_triggered_was_done_or_suppressed(happenings in happenings()) {
        let (mut rehearsal, _) = perform(&happenings, false);
        let counted = rehearsal.counted();
        let done = |kind: &str| rehearsal.events.iter().filter(|event| event.body.kind() == kind).count() as u64;
        let taken = |counted: &[Counted], of: fn(&Counted) -> bool| {
            counted.iter().filter(|counted| of(counted)).map(|counted| counted.taken).sum::<u64>()
        };
        prop_assert_eq!(taken(&counted, |counted| counted.kind == crate::RuleKind::Action), done("action"));
        prop_assert_eq!(taken(&counted, |counted| counted.kind == crate::RuleKind::Symbol), done("symbol"));
        // Symbols know no cooldown, actions no echo.
        for counted in counted {
            let never = match counted.kind {
                crate::RuleKind::Action => Suppression::Echo,
                _ => Suppression::Cooldown,
            };
            prop_assert_eq!(counted.suppressed[never as usize], 0);
        }
    }
}
