//! Artifacts, as programs and people read them.

use domain::{About, ArtifactStatus, Command};
use serde_json::{Value, json};

use super::judged::{Judged, moment};

fn record() -> Value {
    json!({"delta": {"pain": {"from": 0.95, "to": 0.3, "change": -0.65}}, "sift": {"fact": ["pain 0.95"]}})
}

fn keep(alert: Option<&str>, events: &[&str]) -> Command {
    let events = events.iter().map(|id| (*id).to_owned()).collect();
    let about = About { alert: alert.map(str::to_owned), experiment: None, events };
    Command::Record { status: ArtifactStatus::Warn, about, by: "Ann".to_owned(), record: record() }
}

async fn list(it: &Judged, query: &str) -> Vec<String> {
    let (status, body) = it.server.get(&format!("/api/v1/artifacts{query}")).await;
    assert_eq!(status, 200, "{query}: {body}");
    body["artifacts"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn they_are_read_whole_by_their_id_and_by_what_they_belong_to() {
    let it = Judged::start().await;
    let partition = |name: &str| durable_log::partition_of(&name.parse().unwrap(), 2).0;
    let (first, second) = ("agent-7", "agent-8");
    for name in [first, second] {
        it.measure(5, name, &[(domain::Vital::Pain, 0.3)]).await;
    }
    let id = |name: &str, seq| domain::Artifact::id_of(partition(name), seq);
    let of_alert = id(first, it.ask(10, first, keep(Some("1-1.pain_critical_high"), &["1-1.seam"])).await);
    let of_nothing = id(first, it.ask(20, first, keep(None, &[])).await);
    let of_another = id(second, it.ask(30, second, keep(None, &["1-1.seam"])).await);
    it.judge(40).await;

    let expected = json!({
        "id": of_alert, "subject": first, "at": moment(10), "status": "WARN", "alert": "1-1.pain_critical_high",
        "events": ["1-1.seam"], "by": "Ann", "record": record(),
    });
    let (status, body) = it.server.get(&format!("/api/v1/artifacts/{of_alert}")).await;
    assert_eq!((status, &body), (200, &json!({"artifact": expected})));
    let (_, body) = it.server.get("/api/v1/artifacts?alert=1-1.pain_critical_high").await;
    assert_eq!(body, json!({"artifacts": [expected]}));
    let (all, seam) = ([of_another.clone(), of_nothing.clone(), of_alert.clone()], "?event=1-1.seam");
    assert_eq!(list(&it, "").await, all);
    assert_eq!(list(&it, "?limit=1").await, all[..1]);
    assert_eq!(list(&it, &format!("?limit=2&after={}", all[0])).await, all[1..]);
    assert_eq!(list(&it, seam).await, [of_another.as_str(), &of_alert]);
    assert_eq!(list(&it, &format!("{seam}&subject=agent-8")).await, [of_another]);
    assert_eq!(list(&it, "?experiment=1-1.experiment").await, [""; 0]);
    for (path, status, code) in [
        ("/api/v1/artifacts?limit=101", 400, "bad_limit"),
        ("/api/v1/artifacts?after=1-9.artifact", 400, "no_such_artifact"),
        ("/api/v1/artifacts/1-9.artifact", 404, "not_found"),
    ] {
        let (answered, problem) = it.server.get(path).await;
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{path}");
    }
    it.assert_unavailable(&["/api/v1/artifacts", "/api/v1/artifacts/1-9.artifact"]).await;
}

/// On the socket, in the list of events and in the past it is told that it was kept: a record would fill frames.
#[tokio::test]
async fn elsewhere_they_are_told_of_without_their_records() {
    let it = Judged::start().await;
    let mut client = it.server.connect().await;
    client.send(&json!({"type": "subscribe", "channels": ["artifacts"]})).await;
    it.measure(5, "agent-7", &[(domain::Vital::Pain, 0.3)]).await;
    it.ask(10, "agent-7", keep(None, &[])).await;
    it.judge(20).await;
    let update = client.frame_of("update").await;
    let told = update["events"][0].clone();
    assert_eq!((&told["kind"], &told["artifact"]["by"]), (&json!("artifact"), &json!("Ann")));
    assert_eq!(told["artifact"].get("record"), None, "{told}");
    let (_, events) = it.server.get("/api/v1/events?kinds=artifact").await;
    assert_eq!(events["events"], json!([told]));
    let path = format!("/api/v1/past?subject=agent-7&from={}&to={}", moment(9), moment(15));
    let (_, past) = it.server.get(&path).await;
    assert_eq!(past["past"]["updates"], json!([{"at": moment(10), "events": [told]}]));
}
