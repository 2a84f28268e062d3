//! Two engines share the partitions; one of them stops in the midst of its work, and wakes when another has its place.

use std::time::{Duration, Instant};

use anyhow::ensure;
use domain::{Subject, Timestamp};
use durable_log::partition_of;
use serde_json::json;

use super::controls;
use super::service::Service;
use super::stack::{PARTITIONS, Plan, Production};
use crate::suite::eventually;

const HELD: &str = "iskra_engine_partitions";
/// What an engine has read, be it written or not.
const READ: &str = "iskra_engine_samples_total";
const FENCED: &str = "iskra_engine_fenced_total";
/// What each of two engines holds.
pub(super) const HALF: u16 = PARTITIONS / 2;
/// Of whoever is hurt.
const PAIN: f64 = 0.95;
/// So soon others must have the place of one that stands still: it is what operators are promised.
pub(super) const TAKEOVER: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_engine_is_replaced_and_does_no_harm_when_it_wakes() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 2, ..Plan::default() }).await;
    both_judge(&suite, "first").await;
    let before = fenced(&suite).await;
    let hurt = stop_with_uncommitted_input(&suite, "asleep").await;
    let load = suite.load();
    is_replaced(&suite, &hurt).await;
    load.more(300).await;
    suite.check("an engine was stopped").await;
    wake(&suite, "awake").await;
    suite.check("the engine woke").await;
    was_refused(&suite, before).await.unwrap();

    // The other one dies for good.
    let killed = Instant::now();
    suite.engines[1].kill();
    hold(&suite.engines[0], PARTITIONS).await;
    println!("SIGKILL of an engine: all partitions taken over after {:?}", killed.elapsed());
    suite.works_again("SIGKILL of one engine of two").await;
    load.stop().await;
    suite.check_all().await;
    controls::all_go_red(&suite).await;
    without_a_fence(&mut suite).await;
}

/// The same once more, but the database says that nobody has claimed a partition since.
async fn without_a_fence(suite: &mut Production) {
    suite.engines[1].come_back().await;
    both_judge(suite, "unfenced-first").await;
    let before = fenced(suite).await;
    suite.meddle("CREATE TABLE before AS SELECT partition, fence FROM heads").await;
    let hurt = stop_with_uncommitted_input(suite, "unfenced-asleep").await;
    is_replaced(suite, &hurt).await;
    suite.meddle("UPDATE heads SET fence = before.fence FROM before WHERE before.partition = heads.partition").await;
    wake(suite, "unfenced-awake").await;
    controls::goes_red("a database without a fence", "were refused", was_refused(suite, before).await);
}

/// Stops the first engine with the judgement of samples that it has not committed. Answers who is hurt: one subject in
/// each partition, half of which are nobody's now.
async fn stop_with_uncommitted_input(suite: &Production, word: &str) -> Vec<String> {
    let before = suite.engines[0].metric(READ, "").await.expect("it answers");
    suite.engine_wires[0].hold();
    let hurt = hurt_everywhere(suite, word).await;
    eventually("it judges what it cannot commit", async || {
        let read = suite.engines[0].metric(READ, "").await? - before;
        (read >= f64::from(HALF)).then_some(())
    })
    .await;
    suite.engines[0].pause();
    hurt
}

/// Waits until the second engine judges everything, and has told people instead of the first one.
async fn is_replaced(suite: &Production, hurt: &[String]) {
    let stopped = Instant::now();
    hold(&suite.engines[1], PARTITIONS).await;
    let taken_over = stopped.elapsed();
    assert!(taken_over < TAKEOVER, "it took {taken_over:?}, the promise is {TAKEOVER:?}");
    println!("SIGSTOP of an engine: all partitions taken over after {taken_over:?}");
    for subject in hurt {
        suite.paged(subject, "firing").await;
    }
    println!("SIGSTOP of an engine: people paged about all subjects after {:?}", stopped.elapsed());
}

/// Wakes it: what it was about to write goes on its way. Waits until both engines judge again.
async fn wake(suite: &Production, word: &str) {
    suite.engines[0].resume();
    suite.engine_wires[0].release();
    both_judge(suite, word).await;
}

async fn fenced(suite: &Production) -> f64 {
    suite.engines[0].metric(FENCED, "").await.expect("it answers")
}

/// Whatever the first engine was about to write when it stopped was refused: its partitions belonged to another one.
async fn was_refused(suite: &Production, before: f64) -> anyhow::Result<()> {
    let refused = fenced(suite).await - before;
    ensure!(refused >= f64::from(HALF), "{refused} of {HALF} commits of the engine that woke were refused");
    Ok(())
}

/// Waits until each engine judges its half: what is ours is not judged yet.
async fn both_judge(suite: &Production, word: &str) {
    hold(&suite.engines[0], HALF).await;
    hold(&suite.engines[1], HALF).await;
    for subject in hurt_everywhere(suite, word).await {
        suite.paged(&subject, "firing").await;
    }
}

/// Waits until it holds so many partitions.
pub(super) async fn hold(engine: &Service, partitions: u16) {
    let what = format!("{} holds {partitions} partitions", engine.name);
    eventually(&what, async || (engine.metric(HELD, "").await == Some(partitions.into())).then_some(())).await;
}

/// A critical sample of one subject in each partition.
async fn hurt_everywhere(suite: &Production, word: &str) -> Vec<String> {
    let mut subjects = Vec::new();
    for partition in 0..PARTITIONS {
        let is_there = |name: &String| partition_of(&Subject::new(name).unwrap(), PARTITIONS).0 == partition;
        subjects.push((0..).map(|number| format!("{word}-{number}")).find(is_there).unwrap());
    }
    let at = Timestamp::from(std::time::SystemTime::now()).to_string();
    let body: Vec<_> = subjects.iter().map(|subject| json!({"subject": subject, "at": at, "pain": PAIN})).collect();
    suite.book.deliver(&suite.client, &suite.doors, 0, &body).await;
    subjects
}
