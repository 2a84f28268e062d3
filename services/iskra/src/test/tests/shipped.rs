use std::collections::HashSet;

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
            let mut engine = Engine::new(0, Arc::clone(&rules));
            let (mut seq, mut events, mut ids) = (0, Vec::new(), HashSet::new());
            for (at, vitals, signals) in case.timeline.samples() {
                let at = case.start.plus(at);
                let sample = domain::Sample { subject: case.subject.clone(), at, vitals, signals };
                seq += 1;
                engine.step(at, Input::Sample(seq, &sample), &mut events);
            }
            engine.step(case.start.plus(case.timeline.end), Input::Tick, &mut events);
            for event in events {
                assert!(ids.insert(event.id.clone()), "{}: {} is there twice", case.name, event.id);
            }
        }
    }
}
