//! What an earlier version had saved is gone on from.

use super::*;

#[test]
fn a_state_from_before_there_were_voices_goes_on() {
    let saved = r#"{"judged":"2026-01-01T00:00:00Z","vitals":[null,null,null,{"value":0.95,"seen":"2026-01-01T00:00:00Z",
        "cause":1,"watches":[null,null,null,null,null,null],"notified":null}],"verdict":{"pain":{"level":"BLOCK",
        "priority":"P0","side":"high","since":"2026-01-01T00:00:00Z","value":0.95}},"silence":null}"#;
    let subject = Subject::new("agent-7").unwrap();
    let rules = Arc::new(Rules::built_in());
    let mut engine = Engine::restore(3, rules, moment(0.0), vec![(subject.clone(), saved.to_owned())]).unwrap();
    let mut events = Vec::new();
    engine.step(moment(1.0), Input::Sample(2, &sample("agent-7", 1.0, &pain(0.3))), &mut events);
    assert_eq!(engine.present(&subject).unwrap().2.pain.unwrap().level, domain::Level::Ok);
}

#[test]
fn a_state_from_before_there_were_experiments_begins_one() {
    let subject = Subject::new("lab-7").unwrap();
    let mut engine = Engine::new(3, Arc::new(Rules::built_in()));
    let mut events = Vec::new();
    engine.step(moment(0.0), Input::Sample(1, &sample("lab-7", 0.0, &OK)), &mut events);
    let (_, saved) = engine.take_changed().pop().unwrap();
    let mut older: serde_json::Value = serde_json::from_str(&saved).unwrap();
    for new in ["experiments", "postmortems"] {
        older.as_object_mut().unwrap().remove(new);
    }
    let mut engine =
        Engine::restore(3, Arc::new(Rules::built_in()), moment(0.0), vec![(subject.clone(), older.to_string())])
            .unwrap();
    events.clear();
    let (name, by) = ("play".to_owned(), "Ann".to_owned());
    let wish = Command::Experiment { name, simulated: None, seconds: 60, stop: Vec::new(), by };
    engine.step(moment(1.0), Input::Command(2, &subject, &wish), &mut events);
    let told = |events: &[Event]| events.iter().filter(|event| is_about_alerts(event)).map(line).collect::<Vec<_>>();
    assert_eq!(told(&events), ["1: play begun"]);
    // Its runner is not heard of: what the older state did not know is watched from now on.
    events.clear();
    engine.step(moment(16.0), Input::Tick, &mut events);
    let told = told(&events);
    assert!(told.len() == 1 && told[0].starts_with("16: play ended, lost"), "{told:?}");
}

/// Its past is not judged by rules that came later.
#[test]
fn what_was_saved_after_the_checkpoint_meets_other_rules_where_it_was() {
    let mut engine = Engine::new(3, Arc::new(Rules::built_in()));
    engine.step(moment(10.0), Input::Sample(1, &sample("agent-7", 10.0, &OK)), &mut Vec::new());
    let saved = engine.take_changed();
    let other = Rules { hash: "other".into(), ..Rules::built_in() };
    let engine = Engine::restore(3, Arc::new(other), moment(5.0), saved).unwrap();
    assert_eq!(engine.next_due(), Some(moment(10.0)));
}
