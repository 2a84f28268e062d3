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
