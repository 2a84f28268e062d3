//! PostgreSQL hangs: it keeps its connections and answers nothing.

use std::time::{Duration, Instant};

use super::ledger::Book;
use super::stack::{Plan, Production};
use super::{careless, controls};

/// Samples that are taken before and after.
const BETWEEN: usize = 300;
/// How long a service may take to end.
const STOPPING: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_may_hang_and_go_on() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 1, ..Plan::default() }).await;
    let load = suite.load();
    load.more(BETWEEN).await;
    let last_words = suite.hurt().await;

    suite.postgres.pause().unwrap();
    for service in suite.services() {
        service.unready("log").await;
    }
    suite.postgres.resume().unwrap();
    for service in suite.services() {
        service.ready().await;
    }
    suite.works_again("PostgreSQL, hung").await;
    suite.paged(&last_words, "firing").await;
    suite.check("PostgreSQL hung").await;

    load.more(BETWEEN).await;
    load.stop().await;
    suite.check_all().await;
    controls::all_go_red(&suite).await;

    let door = careless::eager_door(&suite.client, &suite.pulses[0].url).await;
    suite.postgres.pause().unwrap();
    let trusting = Book::default();
    trusting.deliver(&suite.client, &[door], 0, &[Production::sample("trusting", 0.3)]).await;
    let asked = Instant::now();
    tokio::join!(suite.pulses[0].stop(), suite.engines[0].stop());
    let stopped = asked.elapsed();
    println!("PostgreSQL hangs: pulse and slo-engine ended {stopped:?} after SIGTERM");
    assert!(stopped < STOPPING, "it took {stopped:?}");
    suite.postgres.resume().unwrap();
    suite.read_on().await.unwrap();
    let holds = suite.audit().holds(&trusting.ledger());
    controls::goes_red("pulse that does not heed the commit", "stored: None", holds);
}
