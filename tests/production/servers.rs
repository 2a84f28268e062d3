//! PostgreSQL and Redis are stopped, killed and emptied while samples stream in.

use super::stack::{Plan, Production};

/// Samples that are taken between two faults.
const BETWEEN: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_and_redis_may_go_and_come_back() {
    let mut suite = Production::start(Plan { pulses: 2, engines: 1, settings: &[] }).await;
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
}

/// Waits until every dashboard says so.
async fn until_the_bus_is(suite: &Production, state: &str) {
    for (name, watcher) in &suite.watchers {
        watcher.until(&format!("{name} says `{state}`"), |watched| watched.bus() == state).await;
    }
}
