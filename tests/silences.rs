//! A person silences a subject, through a real Alertmanager to a webhook.

use serde_json::{Value, json};
use test_support::{Alertmanager, WebhookReceiver};

use crate::suite::{Suite, eventually};

async fn post(suite: &Suite, body: Value) -> (u16, Value) {
    let answer = suite.client.post(format!("{}/api/v1/silences", suite.pulse)).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

async fn delete(suite: &Suite, id: &str) -> (u16, Value) {
    let answer = suite.client.delete(format!("{}/api/v1/silences/{id}", suite.pulse)).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silenced_subject_pages_nobody_anew_and_the_end_of_what_was_told_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(receiver.url()).await.unwrap();
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let suite = Suite::start(folder.path(), &["--set", &urls]).await;
    let firing = |name: &str| receiver.notified().iter().filter(|page| page.is(name, "firing")).count();

    suite.push_pain("agent-7", 0.95).await;
    receiver.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
    let (status, body) = post(&suite, json!({"subject": "agent-7", "for": "1h", "by": "Ann", "note": "on it"})).await;
    assert_eq!(status, 200, "{body}");
    let id = body["silence"]["id"].as_str().unwrap();
    assert_eq!(suite.get("/api/v1/silences?subject=agent-7").await["silences"], json!([body["silence"]]));

    // What was told is muted at Alertmanager; what opens now is shown, and told to nobody.
    eventually("it is muted at Alertmanager", async || {
        let url = format!("{}/api/v2/silences", alertmanager.url());
        let all: Value = suite.client.get(url).send().await.ok()?.json().await.ok()?;
        let ours = |silence: &&Value| silence["comment"] == "silenced by Ann: on it";
        all.as_array()?.iter().find(ours).map(|_| ())
    })
    .await;
    suite.push(&json!({"subject": "agent-7", "trust": 0.3})).await;
    let held = eventually("the new alert is in the inbox", async || {
        let inbox = suite.alerts("?state=firing").await;
        inbox.into_iter().find(|alert| alert["rule"] == "trust_critical_low")
    })
    .await;
    assert_eq!(held["notification"], json!({"status": "held", "until": body["silence"]["until"], "by": "silence"}));
    assert_eq!(held["silenced"]["by"], "Ann");

    for line in [r#"iskra_silences_total{change="created"} 1"#, r#"iskra_alert_holds_total{by="silence"} 1"#] {
        eventually("it is counted", async || {
            let metrics = suite.client.get(format!("{}/metrics", suite.slo_engine)).send().await.ok()?;
            metrics.text().await.ok()?.lines().any(|found| found == line).then_some(())
        })
        .await;
    }

    // The end of what was told is told, the silence notwithstanding.
    suite.push(&json!({"subject": "agent-7", "pain": 0.3, "trust": 0.3})).await;
    receiver.wait_for(|page| page.is("PainCriticalHigh", "resolved")).await.unwrap();
    assert_eq!((firing("PainCriticalHigh"), firing("TrustCriticalLow")), (1, 0));

    // Once it is over, people are told of what still fires.
    let (status, over) = delete(&suite, id).await;
    assert_eq!((status, &over["silence"]["id"]), (200, &body["silence"]["id"]), "{over}");
    assert!(over["silence"]["ended"]["at"].is_string(), "{over}");
    receiver.wait_for(|page| page.is("TrustCriticalLow", "firing")).await.unwrap();
    assert_eq!(suite.get("/api/v1/silences").await["silences"], json!([]));
    assert_eq!(delete(&suite, id).await, (200, over), "a second time changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_silenced_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.3).await;
    eventually("it is judged", async || {
        let url = format!("{}/api/v1/explain?subject=agent-7", suite.pulse);
        suite.client.get(url).send().await.ok()?.status().is_success().then_some(())
    })
    .await;
    let refused = async |change: Value| {
        let mut body = json!({"subject": "agent-7", "for": 60, "by": "Ann"});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (status, problem) = post(&suite, body).await;
        (status, problem["code"].as_str().unwrap_or_default().to_owned())
    };
    let bad = (422, "bad_silence".to_owned());
    for wrong in [json!(59), json!("59s"), json!("8d"), json!(604_801), json!("1.5h"), json!("soon")] {
        assert_eq!(refused(json!({"for": wrong})).await, bad, "{wrong}");
    }
    assert_eq!(refused(json!({"by": " "})).await, bad);
    assert_eq!(refused(json!({"note": "\u{7}"})).await, bad);
    assert_eq!(refused(json!({"rule": "pain_critical"})).await, bad);
    assert_eq!(refused(json!({"subject": "agent-8"})).await, (404, "not_found".to_owned()));
    assert_eq!(delete(&suite, "0-1.silence").await.0, 404);
    // Of this kind there can be 16, of edges, of the staleness and of burns.
    for rule in ["pain_warn_low", "stale", "trust_burn_6h"].into_iter().cycle().take(16) {
        assert_eq!(refused(json!({"rule": rule})).await.0, 200, "{rule}");
    }
    assert_eq!(refused(json!({})).await, (409, "too_many_silences".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_begins_lists_and_ends_one() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.95).await;
    eventually("an alert", async || suite.alerts("?state=firing").await.into_iter().next()).await;
    let iskra = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_iskra"));
        let output = command.arg("silence").args(arguments).env("ISKRA_URL", &suite.pulse).env("USER", "ann").output();
        let output = output.unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(iskra(&["list"]), (true, "no silences\n".to_owned(), String::new()));
    let (is_good, said, error) = iskra(&["add", "agent-7", "--for", "1h", "--rule", "stale", "--note", "on it"]);
    assert!(is_good, "{error}");
    let id = said.split("  ").next().unwrap();
    assert!(said.contains("  agent-7  stale  from ") && said.ends_with("  by ann: on it\n"), "{said}");
    assert_eq!(iskra(&["list", "agent-7"]).1, said);
    assert!(iskra(&["end", id]).1.contains(", ended by ann  by ann: on it"));
    assert_eq!(iskra(&["list"]).1, "no silences\n");
    assert!(iskra(&["list", "--over", "--json"]).1.contains(id));
    let (is_good, _, error) = iskra(&["add", "agent-8", "--for", "1h"]);
    assert!(!is_good && error.contains("the subject `agent-8` was never judged"), "{error}");
}
