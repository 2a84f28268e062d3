//! Two engines share the partitions; one of them stops in the midst of its work, and wakes when another has its place.

use std::time::Instant;

use domain::{Subject, Timestamp};
use durable_log::partition_of;
use serde_json::json;

use super::service::Service;
use super::stack::{PARTITIONS, Plan, Production};
use crate::suite::eventually;

const HELD: &str = "iskra_engine_partitions";

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_engine_is_replaced_and_does_no_harm_when_it_wakes() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 2, settings: &[] }).await;
    let half = f64::from(PARTITIONS / 2);
    hold(&suite.engines[0], half).await;
    hold(&suite.engines[1], half).await;
    let load = suite.load();
    load.more(300).await;

    let stopped = Instant::now();
    suite.engines[0].pause();
    // One in each partition: two of them are nobody's now.
    let hurt = hurt_everywhere(&suite, "asleep").await;
    hold(&suite.engines[1], f64::from(PARTITIONS)).await;
    println!("SIGSTOP of an engine: all partitions taken over after {:?}", stopped.elapsed());
    for subject in &hurt {
        suite.paged(subject, "firing").await;
    }
    println!("SIGSTOP of an engine: people paged about all subjects after {:?}", stopped.elapsed());
    suite.check("an engine was stopped").await;

    suite.engines[0].resume();
    hold(&suite.engines[0], half).await;
    hold(&suite.engines[1], half).await;
    for subject in hurt_everywhere(&suite, "awake").await {
        suite.paged(&subject, "firing").await;
    }
    suite.check("the engine woke").await;
    let fenced = suite.engines[0].metric("iskra_engine_fenced_total", "").await;
    println!("the engine that woke was told {} times that another one has its place", fenced.unwrap_or_default());

    // The other one dies for good.
    let killed = Instant::now();
    suite.engines[1].kill();
    hold(&suite.engines[0], f64::from(PARTITIONS)).await;
    println!("SIGKILL of an engine: all partitions taken over after {:?}", killed.elapsed());
    suite.works_again("SIGKILL of one engine of two").await;
    load.stop().await;
    suite.check_all().await;
}

/// Waits until it holds so many partitions.
async fn hold(engine: &Service, partitions: f64) {
    let what = format!("{} holds {partitions} partitions", engine.name);
    eventually(&what, async || (engine.metric(HELD, "").await == Some(partitions)).then_some(())).await;
}

/// A critical sample of one subject in each partition.
async fn hurt_everywhere(suite: &Production, word: &str) -> Vec<String> {
    let mut subjects = Vec::new();
    for partition in 0..PARTITIONS {
        let is_there = |name: &String| partition_of(&Subject::new(name).unwrap(), PARTITIONS).0 == partition;
        subjects.push((0..).map(|number| format!("{word}-{number}")).find(is_there).unwrap());
    }
    let at = Timestamp::from(std::time::SystemTime::now()).to_string();
    let body: Vec<_> = subjects.iter().map(|subject| json!({"subject": subject, "at": at, "pain": 0.95})).collect();
    suite.book.deliver(&suite.client, &suite.doors(), 0, &body).await;
    subjects
}
