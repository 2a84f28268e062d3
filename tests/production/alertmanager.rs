//! Alertmanager is away while an alert opens and another one ends.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::stack::{Plan, Production};
use super::{controls, pages};
use crate::suite::{eventually, within};

/// How long it stays away: three times as long as an alert lives that is not repeated.
const AWAY: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_once_alertmanager_is_back() {
    let plan = Plan { pulses: 1, engines: 1, careless_pager: true, ..Plan::default() };
    let mut suite = Production::start(plan).await;
    let load = suite.load();
    let (ends, stays) = (suite.hurt().await, suite.hurt().await);
    for subject in [&ends, &stays] {
        suite.paged(subject, "firing").await;
        suite.alertmanager.notes(&format!(r#"subject="{subject}", vital="#)).await.unwrap();
    }

    let left = Instant::now();
    suite.alertmanager.stop().await.unwrap();
    let opens = suite.hurt().await;
    // P1, which opens half a minute later.
    suite.feel("waits", 0.65).await;
    suite.feel(&ends, 0.3).await;
    // The inbox knows, even if nobody can be told.
    let state = async |subject: &str| -> Option<Value> {
        let url = format!("{}/api/v1/alerts?subject={subject}", suite.pulses[0].url);
        let answer: Value = suite.client.get(url).send().await.ok()?.json().await.ok()?;
        Some(answer["alerts"][0]["state"].clone())
    };
    eventually("an alert opens", async || (state(&opens).await? == "firing").then_some(())).await;
    eventually("an alert ends", async || (state(&ends).await? == "resolved").then_some(())).await;
    within(AWAY, "a P1 opens", async || (state("waits").await? == "firing").then_some(())).await;
    tokio::time::sleep(AWAY.saturating_sub(left.elapsed())).await;
    let of = |subject: &str| suite.notified().iter().filter(|page| page.labels["subject"] == *subject).count();
    assert_eq!((of(&opens), of("waits")), (0, 0));

    let back = Instant::now();
    suite.alertmanager.restart().await.unwrap();
    suite.paged(&opens, "firing").await;
    println!("Alertmanager, {AWAY:?} away: people paged {:?} after its return", back.elapsed());
    suite.paged(&ends, "resolved").await;
    suite.works_again("Alertmanager").await;
    load.stop().await;
    suite.check_all().await;
    controls::all_go_red(&suite).await;
    let carelessly = pages::are_right(suite.audit().alerts(), &suite.carelessly_notified());
    controls::goes_red("a pager that tells everything once", "nobody was told", carelessly);
}
