//! Alertmanager is away while an alert opens and another one ends.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::stack::{Plan, Production};
use crate::suite::eventually;

/// How long it stays away.
const AWAY: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_once_alertmanager_is_back() {
    let mut suite = Production::start(Plan { pulses: 1, engines: 1, settings: &[] }).await;
    let load = suite.load();
    let (ends, stays) = (suite.hurt().await, suite.hurt().await);
    suite.paged(&ends, "firing").await;
    suite.paged(&stays, "firing").await;

    let left = Instant::now();
    suite.alertmanager.stop().await.unwrap();
    let opens = suite.hurt().await;
    suite.feel(&ends, 0.3).await;
    // The inbox knows, even if nobody can be told.
    let state = async |subject: &str| -> Option<Value> {
        let url = format!("{}/api/v1/alerts?subject={subject}", suite.pulses[0].url);
        let answer: Value = suite.client.get(url).send().await.ok()?.json().await.ok()?;
        Some(answer["alerts"][0]["state"].clone())
    };
    eventually("an alert opens", async || (state(&opens).await? == "firing").then_some(())).await;
    eventually("an alert ends", async || (state(&ends).await? == "resolved").then_some(())).await;
    tokio::time::sleep(AWAY.saturating_sub(left.elapsed())).await;
    assert!(suite.receiver.notified().iter().all(|page| page.labels["subject"] != opens.as_str()));

    let back = Instant::now();
    suite.alertmanager.restart().await.unwrap();
    suite.paged(&opens, "firing").await;
    println!("Alertmanager, {AWAY:?} away: people paged {:?} after its return", back.elapsed());
    suite.paged(&ends, "resolved").await;
    suite.works_again("Alertmanager").await;
    load.stop().await;
    suite.check_all().await;
    assert!(suite.receiver.notified().iter().all(|page| page.status == "firing" || page.labels["subject"] == ends));
}
