use std::collections::HashSet;

use domain::{Event, EventBody, Text};
use engine::{Engine, Input};

use super::*;

#[test]
fn all_that_are_shipped_pass() {
    let files = super::super::files(&[shipped_folder().to_owned()]).unwrap();
    assert!(files.len() >= 10, "{files:?}");
    for path in files {
        let (rules, cases) = super::super::load(&path, None).unwrap();
        let tests = cases.into_iter().map(|case| TestReport { failures: run(&case, &rules, false), case }).collect();
        let report = FileReport { path, outcome: Ok(tests) };
        assert_eq!(report.counts().1, 0, "{report}");
    }
}

#[test]
fn the_engine_gives_every_event_an_id_of_its_own() {
    for path in super::super::files(&[shipped_folder().to_owned()]).unwrap() {
        let (rules, cases) = super::super::load(&path, None).unwrap();
        for case in cases {
            let mut ids = HashSet::new();
            for event in events(&case, &rules) {
                assert!(ids.insert(event.id.clone()), "{}: {} is there twice", case.name, event.id);
            }
        }
    }
}

#[test]
fn people_are_told_why_in_their_own_language() {
    let mut kinds = HashSet::new();
    for path in super::super::files(&[shipped_folder().to_owned()]).unwrap() {
        let (rules, cases) = super::super::load(&path, None).unwrap();
        for event in cases.iter().flat_map(|case| events(case, &rules)) {
            for Text { en, ru } in reasons(&event.body) {
                kinds.insert(event.body.kind());
                let is_cyrillic = |c: char| ('а'..='я').contains(&c.to_lowercase().next().unwrap_or(c));
                assert!(ru.contains(is_cyrillic) && !ru.contains(|c: char| c.is_ascii_alphabetic()), "{ru}");
                assert!(en.contains(|c: char| c.is_ascii_alphabetic()) && !en.contains(is_cyrillic), "{en}");
                for text in [en, ru] {
                    assert!(!text.contains(['_', '<', '>', '?']), "{text}");
                    assert!(text.starts_with(char::is_uppercase), "{text}");
                }
            }
        }
    }
    assert_eq!(kinds, HashSet::from(["signal", "voice", "conflict", "action", "symbol", "tone", "seam"]));
}

/// Why something happened, in the words of the rules.
fn reasons(body: &EventBody) -> Vec<&Text> {
    match body {
        EventBody::Signal { reason, .. }
        | EventBody::Conflict { reason, .. }
        | EventBody::Symbol { reason, .. }
        | EventBody::Tone { reason, .. } => vec![reason],
        EventBody::Voice { activation, .. } => vec![&activation.reason],
        EventBody::Action { action } => vec![&action.reason],
        EventBody::Seam { seam } => seam.triggers.iter().collect(),
        EventBody::Levels { .. }
        | EventBody::Alert { .. }
        | EventBody::Chorus { .. }
        | EventBody::Bifurcation { .. }
        | EventBody::Silence { .. }
        | EventBody::Experiment { .. }
        | EventBody::Artifact { .. }
        | EventBody::Account { .. } => Vec::new(),
    }
}

/// What the engine makes of the samples of a test.
fn events(case: &Case, rules: &Arc<Rules>) -> Vec<Event> {
    let mut engine = Engine::new(0, Arc::clone(rules));
    let (mut seq, mut events) = (0, Vec::new());
    for (at, vitals, signals) in case.timeline.samples() {
        let at = case.start.plus(at);
        let sample = domain::Sample { subject: case.subject.clone(), at, vitals, signals };
        seq += 1;
        engine.step(at, Input::Sample(seq, &sample), &mut events);
    }
    engine.step(case.start.plus(case.timeline.end), Input::Tick, &mut events);
    events
}
