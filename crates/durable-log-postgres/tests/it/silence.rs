//! A server that holds its connections and answers nothing, as when its machine is gone; and one that is behind.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use durable_log::{AlertFilter, Cursor, Follower, HistoryQuery, Log, LogError, Partition};
use durable_log_postgres::{PostgresLog, PostgresOptions, migrate};
use sqlx::{Connection, PgConnection};
use test_support::Postgres;
use tokio::time::timeout;

use crate::fixture::sample;

/// Far more than any answer may take.
const DEADLINE: Duration = Duration::from_secs(25);
const ONLY: Partition = Partition(0);

async fn start() -> (Postgres, String, Arc<PostgresLog>) {
    let server = Postgres::start().await.unwrap();
    let url = server.create_database().await.unwrap();
    migrate(&url).await.unwrap();
    let log = PostgresLog::open(PostgresOptions::new(&url, 1, Arc::new(SilentBus))).await.unwrap();
    log.append(vec![sample("agent-7", 0)]).await.unwrap();
    (server, url, log)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_is_told_in_time_and_reads_on_when_it_answers_again() {
    let (mut server, url, log) = start().await;
    let mut following = Follower::new(log.clone(), &SilentBus, Cursor::start(log.heads().await.unwrap().epoch, 1));
    following.next().await.unwrap();
    // Questions that are with the server, and wait there.
    let mut other = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK samples, alerts").execute(&mut other).await.unwrap();
    let history = HistoryQuery {
        subject: sample("agent-7", 0).subject,
        from: sample("x", -9).at,
        to: sample("x", 9).at,
        step: None,
        limit: 9,
    };
    let alerts = AlertFilter { limit: 9, ..AlertFilter::default() };
    let asked = {
        let log = log.clone();
        tokio::spawn(async move { tokio::join!(log.history(history), log.read(ONLY, 0, 9), log.alerts(alerts)) })
    };
    let mut watcher = PgConnection::connect(&url).await.unwrap();
    timeout(DEADLINE, async {
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted";
        while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut watcher).await.unwrap() < 3 {}
    })
    .await
    .expect("they wait for the lock");
    server.pause().unwrap();
    // And one that finds connections which waited, and a server that takes no other.
    let followed = timeout(DEADLINE, async { while following.next().await.is_ok() {} });
    let (asked, followed) = tokio::join!(timeout(DEADLINE, asked), followed);
    let (history, entries, alerts) = asked.expect("each is told").unwrap();
    assert!(matches!(history, Err(LogError::Store { .. })), "{history:?}");
    assert!(matches!(entries, Err(LogError::Store { .. })), "{entries:?}");
    assert!(matches!(alerts, Err(LogError::Store { .. })), "{alerts:?}");
    followed.expect("a follower is told");

    server.resume().unwrap();
    drop(other);
    timeout(DEADLINE, async { while log.read(ONLY, 0, 9).await.is_err() {} }).await.expect("it answers again");
    timeout(DEADLINE, log.close()).await.expect("it closes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_does_not_wait_for_it() {
    let (mut server, _, log) = start().await;
    server.pause().unwrap();
    let appending = {
        let log = log.clone();
        tokio::spawn(async move { log.append(vec![sample("agent-7", 1)]).await })
    };
    let reading = {
        let log = log.clone();
        tokio::spawn(async move { log.read(ONLY, 0, 9).await })
    };
    timeout(Duration::from_secs(10), log.close()).await.expect("it gives up");
    let appended = timeout(Duration::from_secs(1), appending).await.expect("the writer has ended").unwrap();
    assert!(appended.is_err(), "{appended:?}");
    drop(timeout(DEADLINE, reading).await.expect("so have the readers"));
}

/// A name or an address may lead to a replica after a failover. An empty answer would be taken for pruned entries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_is_not_read_from() {
    let (mut server, _, log) = start().await;
    assert_eq!(log.read(ONLY, 0, 9).await.unwrap().len(), 1);
    server.demote().await.unwrap();
    for after in [0, 1] {
        let read = log.read(ONLY, after, 9).await;
        assert!(matches!(read, Err(LogError::Store { .. })), "{read:?}");
    }
    assert!(log.heads().await.is_err());
}
