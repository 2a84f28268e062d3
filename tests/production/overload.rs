//! Far more samples than can be stored: what is too much is turned away early, and what was acknowledged is kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use domain::Timestamp;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::stack::{Plan, Production};
use crate::suite::eventually;

/// Producers that send as fast as they can.
const PRODUCERS: usize = 24;
/// Samples in each of their requests.
const BATCH: i64 = 100;
/// How long they do.
const STORM: Duration = Duration::from_secs(8);
/// Far more than a service uses, far less than a queue without bound would grow to.
const MOST_MIB: u64 = 512;

/// How often which status was answered.
type Answers = Arc<Mutex<BTreeMap<u16, u32>>>;

#[tokio::test(flavor = "multi_thread")]
async fn overload_is_turned_away_and_passes() {
    // One is served at a time: others wait longer than they may.
    let settings = &[("storage.queue", "1"), ("ingest.max_in_flight", "1")];
    let mut suite = Production::start(Plan { pulses: 1, engines: 1, settings }).await;
    let pulse = suite.pulses[0].url.clone();
    let answers = Answers::default();
    let start = Instant::now();
    let mut producers = JoinSet::new();
    for producer in 0..PRODUCERS {
        let (book, client, pulse, answers) = (suite.book.clone(), suite.client.clone(), pulse.clone(), answers.clone());
        producers.spawn(async move {
            while start.elapsed() < STORM {
                let status = book.send(&client, &pulse, &batch(producer)).await.expect("it always answers");
                *answers.lock().unwrap().entry(status.as_u16()).or_default() += 1;
            }
        });
    }
    // Not read, else it would be refused for what it is.
    eventually("a producer is told when to come back", async || {
        let request = suite.client.post(format!("{pulse}/api/v1/samples")).body("no samples");
        let answer = request.send().await.unwrap();
        (answer.status() == 503).then(|| assert_eq!(answer.headers()[RETRY_AFTER], "1"))
    })
    .await;
    while let Some(ended) = producers.join_next().await {
        ended.expect("a producer was answered as it should be");
    }
    let answers = answers.lock().unwrap().clone();
    let acknowledged = suite.book.acknowledged();
    println!("overload: {answers:?} in {STORM:?}, {acknowledged} samples acknowledged");
    assert!(answers.keys().all(|status| [200, 429, 503].contains(status)), "{answers:?}");
    assert!(answers[&200] > 0, "something is taken all the same");
    assert!(answers.len() > 1, "it was too much");

    suite.works_again("overload").await;
    for service in suite.services() {
        let (now, most) = service.memory();
        println!("{}: {now} MiB now, {most} MiB at most", service.name);
        assert!(most < MOST_MIB, "{} used {most} MiB", service.name);
    }
    suite.watchers.clear();
    suite.check_all().await;
}

fn batch(producer: usize) -> Vec<Value> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    let at = |index: i64| Timestamp::from_micros(now + index).to_string();
    let subject = format!("storm-{producer}");
    (0..BATCH).map(|index| json!({"subject": subject, "at": at(index), "pain": 0.3})).collect()
}
