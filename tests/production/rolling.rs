//! Every service is brought to the next version and back, one replica after the other, behind the shipped nginx: nobody
//! who asks, looks or is paged notices.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::controls::goes_red;
use super::deaths::browsers_that_do_not_resume;
use super::ledger::Book;
use super::service::Service;
use super::stack::{PARTITIONS, Plan, Production};
use super::takeover::{HALF, TAKEOVER, hold};
use super::visitors::Visitors;
use crate::deployment::front::{Front, Replicas};
use crate::suite::eventually;

/// So soon nginx asks a replica again that was away: the test need not wait five seconds each time.
const SOON: (&str, &str) = ("fail_timeout=5s", "fail_timeout=1s");
/// How often a dashboard has been asked.
const ASKED: &str = "iskra_http_request_seconds_count";
/// How long a replica may take to end: supervisors kill after ten seconds.
const ENDING: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_and_the_way_back_are_noticed_by_nobody() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 2, ..Plan::default() }).await;
    suite.add("seams", "seams-2").await;
    suite.add("voices", "voices-2").await;
    let front = behind_nginx(&mut suite).await;
    for engine in &suite.engines {
        hold(engine, HALF).await;
    }
    suite.book = Book::patient();
    let samples = ["visitor-1", "visitor-2"].map(|subject| Production::sample(subject, 0.3));
    suite.book.deliver(&suite.client, &suite.doors, 0, &samples).await;
    let (load, visitors) = (suite.load(), Visitors::come(&suite.client, &front.url, &samples));
    load.more(100).await;

    // The next version's tables come first, and stay.
    let hurt = suite.hurt().await;
    expand(&suite).await;
    suite.paged(&hurt, "firing").await;

    let begun = Instant::now();
    for replica in 0..2 {
        let hurt = suite.hurt().await;
        renew(&mut suite.pulses[replica]).await;
        suite.paged(&hurt, "firing").await;
    }
    let hurt = suite.hurt().await;
    tokio::join!(renew(&mut suite.seams), renew(&mut suite.voices));
    let [seams, voices] = &mut suite.more[..] else { panic!("two were added") };
    tokio::join!(renew(seams), renew(voices));
    suite.paged(&hurt, "firing").await;
    for engine in 0..2 {
        let hurt = suite.hurt().await;
        hand_over(&mut suite, engine).await;
        suite.paged(&hurt, "firing").await;
    }
    println!("forward: {:?}", begun.elapsed());
    suite.check("all are of the next version").await;

    // Back, and faster: one of each service at a time.
    let begun = Instant::now();
    for replica in 0..2 {
        let hurt = suite.hurt().await;
        let Production { pulses, engines, seams, voices, more, .. } = &mut suite;
        let [seams_2, voices_2] = &mut more[..] else { panic!("two were added") };
        let (seams, voices) = if replica == 0 { (seams, voices) } else { (seams_2, voices_2) };
        let engine = async {
            engines[replica].stop().await;
            engines[replica].come_back().await;
            hold(&engines[0], HALF).await;
            hold(&engines[1], HALF).await;
        };
        tokio::join!(renew(&mut pulses[replica]), renew(seams), renew(voices), engine);
        suite.paged(&hurt, "firing").await;
    }

    println!("back: {:?}", begun.elapsed());

    let (asked, failed) = visitors.leave().await;
    println!("{asked} requests, {} of them failed", failed.len());
    assert!(failed.is_empty(), "{} of {asked} requests failed: {:#?}", failed.len(), &failed[..failed.len().min(5)]);
    load.stop().await;
    assert_eq!(suite.book.ledger().failed, Vec::<String>::new());
    suite.check_all().await;
    for (name, watcher) in &suite.watchers {
        let connections = watcher.watched().connections;
        assert!(connections >= 3, "{name} was never sent away: {connections} connections");
    }
    browsers_that_do_not_resume(&suite);
    without_a_second_replica(&mut suite, &front, &samples).await;
}

/// Puts nginx before the suite: from now on everybody comes by it. Two look at each dashboard, one at each replica.
async fn behind_nginx(suite: &mut Production) -> Front {
    let address = Service::address;
    let replicas = Replicas {
        pulse: suite.pulses.iter().map(address).collect(),
        seams: vec![suite.seams.address(), suite.more[0].address()],
        voices: vec![suite.voices.address(), suite.more[1].address()],
    };
    let front = Front::open(&replicas, &[SOON]).await;
    suite.client = front.client.clone();
    suite.doors = vec![format!("{}/pulse", front.url)];
    let pages = ["pulse", "seams", "voices"].into_iter().flat_map(|page| [page; 2]);
    let watched = pages.map(|page| (page.to_owned(), front.way(&format!("/{page}/ws")))).collect();
    suite.watch(watched, front.way("/seams/ws")).await;
    front
}

/// What the next version's migration does: something new everywhere, which this version knows nothing of.
async fn expand(suite: &Production) {
    for table in suite.tables().await {
        suite.meddle(AssertSqlSafe(format!("ALTER TABLE {table} ADD COLUMN next text DEFAULT 'new'"))).await;
    }
    suite.meddle("CREATE TABLE next (id bigint PRIMARY KEY)").await;
    suite
        .meddle(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'what the next version needs', true, '\\x00', 0)",
        )
        .await;
}

/// Ends a dashboard in order and starts it again; waits until nginx sends it its share.
async fn renew(dashboard: &mut Service) {
    let asked = Instant::now();
    dashboard.stop().await;
    let ended = asked.elapsed();
    assert!(ended < ENDING, "{} ended after {ended:?}", dashboard.name);
    dashboard.come_back().await;
    let share = || async { dashboard.metric(ASKED, "route=\"/api/v1/subjects\"").await.filter(|asked| *asked > 0.0) };
    eventually(&format!("{} is asked again", dashboard.name), share).await;
    println!("{}: ended after {ended:?}, asked again after {:?}", dashboard.name, asked.elapsed());
}

/// The same of an engine: the other one has its partitions meanwhile.
async fn hand_over(suite: &mut Production, leaving: usize) {
    let asked = Instant::now();
    let [first, second] = &mut suite.engines[..] else { panic!("there are two") };
    let (leaving, staying) = if leaving == 0 { (first, second) } else { (second, first) };
    let taken_over = async {
        hold(staying, PARTITIONS).await;
        asked.elapsed()
    };
    let (taken_over, ()) = tokio::join!(taken_over, leaving.stop());
    println!("{}: partitions taken over after {taken_over:?}, ended after {:?}", leaving.name, asked.elapsed());
    assert!(taken_over < TAKEOVER, "it took {taken_over:?}, the promise is {TAKEOVER:?}");
    leaving.come_back().await;
    hold(leaving, HALF).await;
    hold(staying, HALF).await;
}

/// The same once more, with nobody to take the place of whoever leaves.
async fn without_a_second_replica(suite: &mut Production, front: &Front, samples: &[Value]) {
    suite.pulses[1].kill();
    let visitors = Visitors::come(&suite.client, &front.url, samples);
    renew(&mut suite.pulses[0]).await;
    let (_, failed) = visitors.leave().await;
    let all_are_answered = || {
        ensure!(failed.is_empty(), "{} requests failed", failed.len());
        Ok(())
    };
    goes_red("a second replica", "requests failed", all_are_answered());
}
