//! A person keeps an artifact with the alert that it belongs to, and finds it again.

use serde_json::{Value, json};

use crate::suite::{Suite, eventually};

async fn post(suite: &Suite, body: &Value) -> (u16, Value) {
    let answer = suite.client.post(format!("{}/api/v1/artifacts", suite.pulse)).json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artifact_that_passes_the_checks_is_kept_once_with_what_it_belongs_to() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.95).await;
    let alert = eventually("the alert fires", async || {
        let alerts = suite.get("/api/v1/alerts?subject=agent-7").await;
        Some(alerts["alerts"].as_array()?.first()?["id"].as_str()?.to_owned())
    })
    .await;
    let record = json!({
        "delta": { "pain": { "from": 0.95, "to": 0.3, "change": -0.65 } }, "dimension": {},
        "omega": { "completeness": 0.9 }, "lambda": { "status": "OK" },
        "sift": { "source": "the log", "inference": "the queue was full", "fact": "pain 0.95", "trace": "1-1" },
    });
    let asked =
        |record: &Value, about: Value| json!({ "subject": "agent-7", "about": about, "by": "Ann", "record": record });

    let whole = asked(&record, json!({ "alert": alert }));
    let (status, kept) = post(&suite, &whole).await;
    assert_eq!((status, &kept["artifact"]["status"]), (201, &json!("OK")), "{kept}");
    assert_eq!(kept["artifact"]["record"], record);
    // As a retry sends it.
    assert_eq!(post(&suite, &whole).await, (200, kept.clone()));
    let found = suite.get(&format!("/api/v1/artifacts?alert={alert}")).await;
    assert_eq!(found["artifacts"], json!([kept["artifact"]]));

    let mut wrong = record.clone();
    wrong["omega"]["completeness"] = json!(7);
    wrong["sift"]["fact"] = json!("");
    let (status, problem) = post(&suite, &asked(&wrong, json!({ "alert": alert }))).await;
    assert_eq!((status, &problem["code"]), (422, &json!("bad_artifact")));
    let paths: Vec<&str> =
        problem["findings"].as_array().unwrap().iter().filter_map(|one| one["path"].as_str()).collect();
    assert!(paths.contains(&"$.omega.completeness") && paths.contains(&"$.sift.fact"), "{problem}");
    let (status, _) = post(&suite, &asked(&record, json!({ "alert": "0-0.nothing" }))).await;
    assert_eq!(status, 404);
    let mut large = record.clone();
    large["story"] = json!("x".repeat(64 * 1024));
    assert_eq!(post(&suite, &asked(&large, json!({}))).await.0, 422);
    assert_eq!(
        suite.get("/api/v1/artifacts?subject=agent-7").await["artifacts"],
        found["artifacts"],
        "nothing else was kept"
    );
}
