//! A rule fires and pages, through a real Alertmanager to a webhook.

use serde_json::json;
use test_support::{Alertmanager, WebhookReceiver};

use crate::suite::{Suite, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn a_critical_sample_pages_is_acknowledged_and_resolves() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(receiver.url()).await.unwrap();
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let suite = Suite::start(folder.path(), &["--set", &urls]).await;

    suite.push_pain("agent-7", 0.3).await;
    suite.push_pain("agent-7", 0.95).await;
    let page = receiver.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
    assert_eq!(page.labels["subject"], "agent-7");
    assert_eq!(page.labels["priority"], "P0");
    assert_eq!(page.annotations["summary"], "Pain of agent-7 is 0.95: critical from 0.70 up");

    let inbox = suite.alerts("?state=firing").await;
    assert_eq!(inbox.len(), 1, "{inbox:?}");
    let id = inbox[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(inbox[0]["notification"]["status"], "sent");

    let url = format!("{}/api/v1/alerts/{id}/acknowledge", suite.pulse);
    let answer = suite.client.post(&url).json(&json!({"by": "Ann", "note": "on it"})).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["alert"]["acknowledged"]["by"], "Ann");

    // It recovers; the minimum hold passes while nothing more is sent.
    suite.push_pain("agent-7", 0.3).await;
    receiver.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    let over = eventually("the alert is over", async || suite.alerts("?state=resolved").await.into_iter().next()).await;
    assert_eq!(over["id"], id.as_str());
    assert_eq!(over["acknowledged"]["by"], "Ann");
    assert_eq!(receiver.notified().iter().filter(|page| page.status == "firing").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_acknowledged_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.95).await;
    let alert = eventually("an alert", async || suite.alerts("?state=firing").await.into_iter().next()).await;
    let id = alert["id"].as_str().unwrap();
    let post = async |id: &str, body: serde_json::Value| {
        let url = format!("{}/api/v1/alerts/{id}/acknowledge", suite.pulse);
        let answer = suite.client.post(url).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<serde_json::Value>().await.unwrap()["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(post("nonsense", json!({"by": "Ann"})).await, (404, "not_found".to_owned()));
    assert_eq!(post(id, json!({"by": " "})).await, (422, "bad_acknowledgement".to_owned()));
    assert_eq!(post(id, json!({"by": "Ann\u{7}"})).await, (422, "bad_acknowledgement".to_owned()));
    assert_eq!(post(id, json!({"by": "Ann"})).await.0, 200);
    assert_eq!(post(id, json!({"by": "Bob"})).await.0, 200, "a second one changes nothing");
    let alert = suite.get(&format!("/api/v1/alerts/{id}")).await;
    assert_eq!(alert["alert"]["acknowledged"]["by"], "Ann");
}
