//! PostgreSQL and Redis are stopped, killed and emptied while samples stream in.

use reqwest::StatusCode;

use super::careless::{BusReader, eager_door};
use super::controls;
use super::ledger::Book;
use super::stack::{Plan, Production};
use crate::suite::eventually;

/// Samples that are taken between two faults.
const BETWEEN: usize = 300;
/// Samples that are acknowledged before a death, at least.
const LAST_WORDS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_and_redis_may_go_and_come_back() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 1, ..Plan::default() }).await;
    let bus_alone = BusReader::start(&suite.redis.url());
    let load = suite.load();
    load.more(BETWEEN).await;

    let last_words = suite.hurt().await;
    suite.postgres.stop().await.unwrap();
    suite.pulses[0].unready("log").await;
    suite.postgres.restart().await.unwrap();
    suite.works_again("PostgreSQL, stopped").await;
    suite.paged(&last_words, "firing").await;
    suite.check("PostgreSQL was stopped").await;

    load.more(BETWEEN).await;
    let last_words = suite.hurt().await;
    suite.postgres.kill().await.unwrap();
    suite.postgres.restart().await.unwrap();
    suite.works_again("PostgreSQL, killed").await;
    suite.paged(&last_words, "firing").await;
    suite.check("PostgreSQL was killed").await;

    for service in suite.services() {
        service.ready().await;
    }
    until_the_bus_is(&suite, "live").await;
    suite.redis.flush().await.unwrap();
    load.more(BETWEEN).await;

    suite.redis.stop().unwrap();
    until_the_bus_is(&suite, "polling").await;
    load.more(BETWEEN).await;
    suite.works_again("no Redis").await;
    let shown: Vec<usize> = suite.watchers.iter().map(|(_, watcher)| watcher.watched().samples.len()).collect();
    for ((_, watcher), shown) in suite.watchers.iter().zip(shown) {
        watcher.until("the stream goes on without Redis", |watched| watched.samples.len() > shown).await;
        assert_eq!(watcher.watched().bus(), "polling");
    }
    suite.redis.restart().await.unwrap();
    until_the_bus_is(&suite, "live").await;
    suite.works_again("Redis, stopped").await;
    suite.check("Redis was stopped").await;

    suite.redis.kill().unwrap();
    suite.redis.restart().await.unwrap();
    load.more(BETWEEN).await;
    until_the_bus_is(&suite, "live").await;
    suite.works_again("Redis, killed").await;

    load.stop().await;
    suite.check_all().await;
    controls::all_go_red(&suite).await;
    let has_all = bus_alone.has_all(suite.audit().stored());
    controls::goes_red("a reader that trusts Redis alone", "samples did not come", has_all);
    acknowledging_without_the_commit(&mut suite).await;
    committing_without_waiting_for_the_disk(&mut suite).await;
}

async fn acknowledging_without_the_commit(suite: &mut Production) {
    let door = eager_door(&suite.client, &suite.pulses[0].url).await;
    suite.postgres.stop().await.unwrap();
    let trusting = Book::default();
    trusting.deliver(&suite.client, &[door], 0, &[Production::sample("trusting", 0.3)]).await;
    suite.postgres.restart().await.unwrap();
    suite.pulses[0].ready().await;
    suite.read_on().await.unwrap();
    let holds = suite.audit().holds(&trusting.ledger());
    controls::goes_red("pulse that does not heed the commit", "stored: None", holds);
}

/// Services refuse to start over a database that answers before it has written; here it is told so while they run.
async fn committing_without_waiting_for_the_disk(suite: &mut Production) {
    suite.meddle("ALTER SYSTEM SET synchronous_commit = off").await;
    suite.meddle("ALTER SYSTEM SET wal_writer_delay = '10s'").await;
    suite.postgres.restart().await.unwrap();
    for service in suite.services() {
        service.ready().await;
    }
    // By then the connections are made anew.
    suite.feel("last-words", 0.3).await;
    // Without pause until it dies: what was written before, others may have brought to the disk.
    let (book, client, pulse) = (suite.book.clone(), suite.client.clone(), suite.pulses[0].url.clone());
    let last_words = tokio::spawn(async move {
        while book.send(&client, &pulse, &[Production::sample("last-words", 0.3)]).await == Some(StatusCode::OK) {}
    });
    let some = suite.book.acknowledged() + LAST_WORDS;
    eventually("samples are taken", async || (suite.book.acknowledged() >= some).then_some(())).await;
    suite.postgres.kill().await.unwrap();
    last_words.await.unwrap();
    let ledger = suite.book.ledger();
    // The audit's own connection wants a database that it can trust.
    suite.postgres.restart().await.unwrap();
    suite.meddle("ALTER SYSTEM RESET ALL").await;
    suite.postgres.restart().await.unwrap();
    suite.read_on().await.unwrap();
    let holds = suite.audit().holds(&ledger);
    controls::goes_red("PostgreSQL that answers before it has written", "stored: None", holds);
}

/// Waits until every dashboard says so.
async fn until_the_bus_is(suite: &Production, state: &str) {
    for (name, watcher) in &suite.watchers {
        watcher.until(&format!("{name} says `{state}`"), |watched| watched.bus() == state).await;
    }
}
