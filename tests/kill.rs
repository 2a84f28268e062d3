//! `kill -9` while samples stream in: nothing that was acknowledged is lost or doubled, and nobody is paged twice.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use domain::Timestamp;
use serde_json::{Value, json};
use test_support::{Alertmanager, Notified, WebhookReceiver};
use tokio::task::JoinSet;

use crate::suite::{Suite, eventually};

/// Producers that send at the same time, each its own subject.
const PRODUCERS: usize = 4;
/// How often the power goes.
const KILLS: usize = 3;

/// What was acknowledged: subject and time, and the pain that was sent.
type Acknowledged = Arc<Mutex<BTreeMap<(String, String), f64>>>;

/// Sends batches of ten until the suite is gone, and notes what was acknowledged.
async fn produce(client: reqwest::Client, url: String, subject: String, acknowledged: Acknowledged) {
    loop {
        let now = Timestamp::from(SystemTime::now()).as_micros();
        let at = |index: i64| Timestamp::from_micros(now + index).to_string();
        let batch: Vec<(String, f64)> =
            (0..10).map(|index| (at(index), 0.3 + (now + index) as f64 % 97.0 / 1000.0)).collect();
        let body: Vec<Value> =
            batch.iter().map(|(at, pain)| json!({"subject": subject, "at": at, "pain": pain})).collect();
        let Ok(answer) = client.post(&url).json(&body).send().await else { return };
        let Ok(report) = answer.json::<Value>().await else { return };
        assert_eq!(report["accepted"], 10, "{report}");
        let mut all = acknowledged.lock().unwrap();
        all.extend(batch.into_iter().map(|(at, pain)| ((subject.clone(), at), pain)));
    }
}

/// Every stored sample of `subject`.
async fn stored(suite: &Suite, subject: &str, from: Timestamp) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    let mut from = from;
    loop {
        let path = format!("/api/v1/subjects/{subject}/history?from={from}&limit=5000");
        let history = suite.get(&path).await["history"].clone();
        for sample in history["samples"].as_array().unwrap() {
            all.push((sample["at"].as_str().unwrap().to_owned(), sample["pain"].as_f64().unwrap()));
        }
        if history["truncated"] != true {
            return all;
        }
        let last: Timestamp = all.last().unwrap().0.parse().unwrap();
        from = Timestamp::from_micros(last.as_micros() + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_kills_and_nobody_is_paged_twice() {
    let folder = tempfile::tempdir().unwrap();
    let receiver = WebhookReceiver::start().await.unwrap();
    let alertmanager = Alertmanager::start(receiver.url()).await.unwrap();
    let urls = format!("alertmanager.urls={}", alertmanager.url());
    let start = Timestamp::from(SystemTime::now());
    let acknowledged = Acknowledged::default();
    let mut opened = None;

    let flags = ["--set", &urls, "--set", "alertmanager.resend=1s", "--set", "alertmanager.timeout=1s"];
    let mut suite = Suite::start(folder.path(), &flags).await;
    suite.push_pain("hurt", 0.95).await;
    receiver.wait_for(|page| page.is("PainCriticalHigh", "firing")).await.unwrap();
    for round in 0..KILLS {
        let mut producers = JoinSet::new();
        for producer in 0..PRODUCERS {
            let url = format!("{}/api/v1/samples", suite.pulse);
            producers.spawn(produce(suite.client.clone(), url, format!("agent-{producer}"), acknowledged.clone()));
        }
        let before = acknowledged.lock().unwrap().len();
        eventually("samples stream in", async || (acknowledged.lock().unwrap().len() > before + 2_000).then_some(()))
            .await;
        // Acknowledged at the last moment: its judgement and its page fall into the gap, or just before it.
        suite.push_pain(&format!("hurt-{round}"), 0.95).await;
        suite.kill();
        while let Some(ended) = producers.join_next().await {
            ended.expect("a producer's report was right");
        }
        suite = Suite::start(folder.path(), &flags).await;
        let firing = eventually("the alert is open", async || {
            suite.alerts("?state=firing&subject=hurt").await.into_iter().find(|alert| alert["priority"] == "P0")
        })
        .await;
        let opened = opened.get_or_insert_with(|| firing.clone());
        assert_eq!(firing["id"], opened["id"]);
        assert_eq!(firing["opened_at"], opened["opened_at"]);
    }

    let acknowledged = acknowledged.lock().unwrap().clone();
    for producer in 0..PRODUCERS {
        let subject = format!("agent-{producer}");
        let stored = stored(&suite, &subject, start).await;
        let once: BTreeMap<String, f64> = stored.iter().cloned().collect();
        assert_eq!(once.len(), stored.len(), "a sample of {subject} is there twice");
        for ((_, at), pain) in acknowledged.iter().filter(|((name, _), _)| *name == subject) {
            assert_eq!(once.get(at), Some(pain), "{subject} at {at}");
        }
    }
    // The pager has handed the alert over again and again; a second page would have come by now.
    eventually("the alert was handed over again", async || {
        let metrics = suite.client.get(format!("{}/metrics", suite.slo_engine)).send().await.ok()?.text().await.ok()?;
        let sent = metrics.lines().find(|line| {
            line.starts_with("iskra_pager_notifications_total") && line.contains("outcome=\"delivered\"")
        })?;
        (sent.rsplit_once(' ')?.1.parse::<f64>().ok()? >= 3.0).then_some(())
    })
    .await;
    let hurt = (0..KILLS).map(|round| format!("hurt-{round}")).chain(["hurt".to_owned()]);
    for subject in hurt {
        let is_it =
            |page: &Notified| page.labels["subject"] == subject && page.labels["alertname"] == "PainCriticalHigh";
        receiver.wait_for(is_it).await.unwrap();
        let pages: Vec<_> = receiver.notified().into_iter().filter(is_it).collect();
        assert_eq!(pages.len(), 1, "{pages:#?}");
        assert_eq!(pages[0].status, "firing");
        let alerts = suite.alerts(&format!("?subject={subject}")).await;
        let critical: Vec<_> = alerts.iter().filter(|alert| alert["rule"] == "pain_critical_high").collect();
        assert_eq!(critical.len(), 1, "{alerts:#?}");
        assert_eq!(critical[0]["state"], "firing");
    }
}
