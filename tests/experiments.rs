//! Experiments in real time, over a suite as a user starts it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::suite::{Suite, eventually, within};

/// The engine gives a runner up that it has not heard of for a quarter of this.
const LOST_WITHIN: Duration = Duration::from_secs(60);

/// A few seconds on `subject`: chaos is injected, and pain is acute for a moment.
fn file(subject: &str, seconds: u32) -> String {
    let injection = seconds - 1;
    format!(
        "name: short
title: {{ en: A short one, ru: Короткий }}
hypothesis: {{ en: It hurts and is over., ru: Болит и проходит. }}
subject: {subject}
simulated: inbox
lasts: {seconds}s
every: 500ms
stop:
  - {{ vital: trust, below: 0.2 }}
phases:
  - {{ name: calm, at: 0s }}
  - {{ name: injection, at: 500ms, dose: 3, lasts: {injection}s }}
samples:
  - {{ at: 0s, clarity: 0.8, chaos: 0.45, trust: 0.8, pain: 0.3 }}
  - {{ at: 1s, trust: 0.35 }}
  - {{ at: 2s, trust: 0.8 }}
expect:
  - {{ by: 2s, alerts: [trust_critical_low at P0] }}
"
    )
}

async fn begin(suite: &Suite, text: String) -> (u16, Value) {
    let url = format!("{}/api/v1/experiments?by=Ann", suite.pulse);
    let asked = suite.client.post(url).header("content-type", "application/yaml").body(text);
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn begun(suite: &Suite, text: String) -> String {
    let (status, body) = begin(suite, text).await;
    assert_eq!(status, 201, "{body}");
    body["experiment"]["id"].as_str().unwrap().to_owned()
}

async fn ended(suite: &Suite, id: &str) -> Value {
    within(LOST_WITHIN, "the experiment ends", async || {
        let one = suite.get(&format!("/api/v1/experiments/{id}")).await;
        one["experiment"]["ended"].is_object().then(|| one["experiment"].clone())
    })
    .await
}

/// Whether it injects chaos, as the engine says.
async fn injects(suite: &Suite, subject: &str) -> bool {
    let now = suite.get(&format!("/api/v1/subjects/{subject}")).await;
    let experiment = &now["subject"]["experiment"];
    experiment["dose"] == 3 && experiment["ended"].is_null()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_runs_to_its_end_and_leaves_its_report_and_its_artifacts() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let id = begun(&suite, file("lab-1", 10)).await;
    let alert = eventually("the P0 opens", async || {
        let firing = suite.alerts("?subject=lab-1&state=firing").await;
        firing.into_iter().find(|alert| alert["rule"] == "trust_critical_low")
    })
    .await;
    assert_eq!((&alert["priority"], &alert["simulated"]), (&json!("P0"), &json!("inbox")));
    // There is one at a time on a subject.
    let (status, refused) = begin(&suite, file("lab-1", 10)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("experiment_refused")));
    assert!(refused["reason"]["ru"].is_string() && refused["reason"]["en"].is_string(), "{refused}");

    let experiment = ended(&suite, &id).await;
    assert_eq!(experiment["ended"]["outcome"], "passed", "{experiment}");
    assert_eq!(suite.get("/api/v1/experiments?active=false").await["experiments"][1], experiment);
    let over = suite.get(&format!("/api/v1/alerts/{}", alert["id"].as_str().unwrap())).await;
    assert_eq!(over["alert"]["state"], "resolved", "{over}");
    let report = eventually("its report is there", async || {
        let run = suite.get(&format!("/api/v1/experiments/{id}/run")).await;
        run["run"]["report"].is_object().then(|| run["run"]["report"].clone())
    })
    .await;
    assert_eq!(report["passed"], true, "{report}");
    assert!(report["markdown"]["en"].as_str().unwrap().contains("A short one"));
    eventually("its artifact is kept", async || {
        let artifacts = suite.get(&format!("/api/v1/artifacts?experiment={id}")).await;
        artifacts["artifacts"].as_array()?.iter().find(|one| one["alert"].is_null() && one["by"] == "Ann").map(drop)
    })
    .await;
    let id = alert["id"].as_str().unwrap();
    let of_alert = suite.get(&format!("/api/v1/artifacts?alert={id}")).await;
    assert_eq!(of_alert["artifacts"][0]["status"], "WARN", "{of_alert}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_stops_one_and_a_service_that_ends_stops_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let first = begun(&suite, file("lab-1", 600)).await;
    eventually("it injects", async || injects(&suite, "lab-1").await.then_some(())).await;
    let url = format!("{}/api/v1/experiments/{first}/stop", suite.pulse);
    let stopped = suite.client.post(url).json(&json!({ "by": "Bob", "note": "enough" })).send().await.unwrap();
    assert_eq!(stopped.status(), 200);
    let end = ended(&suite, &first).await["ended"].clone();
    assert_eq!((&end["outcome"], &end["by"]), (&json!("stopped"), &json!("Bob")));
    assert!(!injects(&suite, "lab-1").await);

    let second = begun(&suite, file("lab-2", 600)).await;
    eventually("it injects", async || injects(&suite, "lab-2").await.then_some(())).await;
    assert_eq!(suite.stop().await, Some(0));
    let suite = Suite::start(folder.path(), &[]).await;
    let end = ended(&suite, &second).await["ended"].clone();
    assert_eq!(end["outcome"], "stopped", "{end}");
    let kept = suite.get(&format!("/api/v1/artifacts?experiment={second}")).await;
    assert_eq!(kept["artifacts"].as_array().unwrap().len(), 1, "what was measured so far is kept: {kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_its_runner_is_killed_the_engine_ends_the_injection() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let id = begun(&suite, file("lab-1", 600)).await;
    eventually("it injects", async || injects(&suite, "lab-1").await.then_some(())).await;
    suite.kill();
    let suite = Suite::start(folder.path(), &[]).await;
    assert_eq!(ended(&suite, &id).await["ended"]["outcome"], "lost");
    assert!(!injects(&suite, "lab-1").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (status, wrong) = begin(&suite, file("lab-1", 10).replace("lasts: 10s", "lasts: soon")).await;
    assert_eq!((status, &wrong["code"]), (422, &json!("bad_experiment")));
    assert!(wrong["detail"].as_str().unwrap().contains("6:"), "it names the line: {wrong}");
    let named = |name: &str| {
        suite.client.post(format!("{}/api/v1/experiments", suite.pulse)).json(&json!({ "name": name })).send()
    };
    let own_rules: Value = named("stagnation-to-creative").await.unwrap().json().await.unwrap();
    assert_eq!((&own_rules["status"], &own_rules["code"]), (&json!(422), &json!("own_rules")));
    assert_eq!(named("nothing").await.unwrap().status(), 404);
    // What is simulated may not hide what is real.
    suite.push_pain("agent-7", 0.3).await;
    eventually("it is judged", async || suite.get("/api/v1/subjects").await["subjects"].as_array()?.first().map(drop))
        .await;
    let (status, refused) = begin(&suite, file("agent-7", 10)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("experiment_refused")), "{refused}");

    // The one that was refused gives its place back when its report is written.
    for place in 1..=4 {
        let begin = async || (begin(&suite, file(&format!("lab-{place}"), 600)).await.0 == 201).then_some(());
        eventually("there is a place", begin).await;
    }
    let (status, full) = begin(&suite, file("lab-5", 600)).await;
    assert_eq!((status, &full["code"]), (429, &json!("too_many_experiments")));
}
