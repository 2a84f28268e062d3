//! Silences, as programs and people read of them.

use std::collections::BTreeSet;

use domain::Command;
use domain::Vital::Pain;
use serde_json::{Value, json};

use super::judged::{Judged, moment};

fn silence(rule: Option<&str>, seconds: u64) -> Command {
    Command::Silence { rule: rule.map(str::to_owned), seconds, by: "Ann".to_owned(), note: "on it".to_owned() }
}

async fn ids(it: &Judged, query: &str) -> BTreeSet<String> {
    let (status, body) = it.server.get(&format!("/api/v1/silences{query}")).await;
    assert_eq!(status, 200, "{body}");
    let id =
        |silence: &Value| format!("{} of {}", silence["id"].as_str().unwrap(), silence["subject"].as_str().unwrap());
    body["silences"].as_array().unwrap().iter().map(id).collect()
}

#[tokio::test]
async fn those_in_force_and_those_that_are_over_are_listed() {
    let it = Judged::start().await;
    it.measure(0, "agent-7", &[(Pain, 0.3)]).await;
    it.measure(0, "agent-8", &[(Pain, 0.3)]).await;
    let whole = it.ask(10, "agent-7", silence(None, 100)).await;
    let of_rule = it.ask(20, "agent-7", silence(Some("pain_critical_high"), 3_600)).await;
    let other = it.ask(30, "agent-8", silence(None, 3_600)).await;
    it.judge(500).await;

    let partition = |name: &str| durable_log::partition_of(&name.parse().unwrap(), 2).0;
    let named = |name: &str, seq: u64| format!("{}-{seq}.silence of {name}", partition(name));
    let in_force = it.server.get_some("/api/v1/silences?subject=agent-7", "silences").await;
    let id = domain::Silence::id_of(partition("agent-7"), of_rule);
    let expected = json!({
        "id": id, "subject": "agent-7", "rule": "pain_critical_high", "from": moment(20), "until": moment(3_620),
        "by": "Ann", "note": "on it",
    });
    assert_eq!(in_force, json!({"silences": [expected]}));
    it.server.get_some("/api/v1/silences?subject=agent-8", "silences").await;
    assert_eq!(ids(&it, "").await, [named("agent-7", of_rule), named("agent-8", other)].into());
    assert_eq!(ids(&it, "?active=true&limit=1").await.len(), 1);
    assert_eq!(ids(&it, "?active=false").await, [named("agent-7", whole)].into());
    let (_, over) = it.server.get("/api/v1/silences?active=false&subject=agent-7").await;
    assert_eq!(over["silences"][0]["ended"], json!({"at": moment(110)}));
    assert_eq!(ids(&it, "?active=false&subject=agent-8").await, BTreeSet::new());

    let (_, subject) = it.server.get("/api/v1/subjects/agent-7").await;
    assert_eq!(subject["subject"]["silences"], json!([expected]));
    let (_, events) = it.server.get("/api/v1/events?kinds=silence&subject=agent-7").await;
    let changes: Vec<&Value> = events["events"].as_array().unwrap().iter().map(|event| &event["change"]).collect();
    assert_eq!(changes, ["expired", "created", "created"]);
    let (_, explained) = it.server.get("/api/v1/explain?subject=agent-7&rule=pain_critical_high").await;
    assert_eq!(explained["explanation"]["rules"][0]["silenced"], expected);

    let (status, problem) = it.server.get("/api/v1/silences?limit=0").await;
    assert_eq!((status, &problem["code"]), (400, &json!("bad_limit")));
    it.assert_unavailable(&["/api/v1/silences?active=false"]).await;
}
