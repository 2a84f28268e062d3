//! Experiments, as programs and people read of them.

use domain::{Event, EventBody, Experiment, ExperimentChange, ExperimentEnd, Outcome, Simulated, Text, Timestamp};
use durable_log::{EngineCommit, Log, partition_of};
use serde_json::{Value, json};

use super::judged::{Judged, moment};

fn experiment(id: &str, subject: &str, from: i64) -> Experiment {
    Experiment {
        id: id.to_owned(),
        name: "demo".to_owned(),
        subject: subject.parse().unwrap(),
        simulated: Some(Simulated::Inbox),
        by: "Ann".to_owned(),
        from: moment(from),
        until: moment(from + 100),
        phase: String::new(),
        dose: 0,
        paused: None,
        stop: Vec::new(),
        ended: None,
    }
}

/// Tells as an engine would.
async fn tell(it: &Judged, at: i64, change: ExperimentChange, experiment: &Experiment) {
    it.set(at);
    let log = &it.server.log;
    let fence = log.claim(partition_of(&experiment.subject, log.partitions())).await.unwrap();
    let id = format!("{at}.{}.{}", experiment.id, change.name());
    let body = EventBody::Experiment { change, experiment: experiment.clone() };
    let events = vec![Event { id, subject: experiment.subject.clone(), at: moment(at), body }];
    let (subjects, presences, now): (_, _, Timestamp) = (Vec::new(), Vec::new(), moment(at));
    log.commit(EngineCommit { fence, through: 0, now, is_tick: false, events, subjects, saves_all: true, presences })
        .await
        .unwrap();
}

#[tokio::test]
async fn those_that_run_and_those_that_are_over_are_told_now_and_then() {
    let it = Judged::start().await;
    let mut client = it.server.connect().await;
    client.send(&json!({"type": "subscribe", "channels": ["experiments"]})).await;
    assert_eq!(client.frame().await["type"], "subscribed");
    assert_eq!(client.frame().await["type"], "snapshot");
    let (first, second) = (experiment("1-1.experiment", "lab-1", 10), experiment("1-2.experiment", "lab-2", 20));
    tell(&it, 10, ExperimentChange::Begun, &first).await;
    tell(&it, 20, ExperimentChange::Begun, &second).await;
    let steered = Experiment { phase: "dose".to_owned(), dose: 3, ..first.clone() };
    tell(&it, 30, ExperimentChange::Steered, &steered).await;
    let reason = Text::new("pain 0.7 > 0.6", "pain 0.7 > 0.6");
    let end = ExperimentEnd { at: moment(40), outcome: Outcome::Limit, by: None, reason };
    let over = Experiment { ended: Some(end), ..second };
    tell(&it, 40, ExperimentChange::Ended, &over).await;

    let mut changes: Vec<Value> = Vec::new();
    while changes.len() < 4 {
        let update = client.frame_of("update").await;
        changes.extend(update["events"].as_array().unwrap().iter().map(|event| event["change"].clone()));
    }
    changes.sort_by_key(Value::to_string);
    assert_eq!(changes, ["begun", "begun", "ended", "steered"]);
    let snapshot = it.server.connect().await.subscribe().await;
    assert_eq!(snapshot["subjects"][0]["experiment"], json!(steered));

    for (query, expected) in [
        ("", json!([over, steered])),
        ("?active=true", json!([steered])),
        ("?active=false", json!([over])),
        ("?subject=lab-1", json!([steered])),
        ("?limit=1", json!([over])),
        ("?after=1-2.experiment", json!([steered])),
    ] {
        let (status, body) = it.server.get(&format!("/api/v1/experiments{query}")).await;
        assert_eq!((status, &body["experiments"]), (200, &expected), "{query}");
    }
    let (_, one) = it.server.get("/api/v1/experiments/1-2.experiment").await;
    assert_eq!(one, json!({"experiment": over}));
    let (_, past) = it.server.get(&format!("/api/v1/past?subject=lab-1&from={}", moment(29))).await;
    assert_eq!(past["past"]["start"]["subjects"][0]["experiment"], json!(first));
    for (path, status, code) in [
        ("/api/v1/experiments?limit=0", 400, "bad_limit"),
        ("/api/v1/experiments?after=1-9.experiment", 400, "no_such_experiment"),
        ("/api/v1/experiments/1-9.experiment", 404, "not_found"),
    ] {
        let (answered, problem) = it.server.get(path).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{path}");
    }
    it.assert_unavailable(&["/api/v1/experiments", "/api/v1/experiments/1-9.experiment"]).await;
}
