//! Summaries of the past are there to be read.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Vital;
use durable_log::{HistoryQuery, Log};
#[cfg(has_timescale)]
use durable_log::{Outcome, Partition};
use durable_log_postgres::PostgresLog;
#[cfg(has_timescale)]
use durable_log_postgres::PostgresOptions;
use sqlx::{Connection, PgConnection};

use crate::fixture::{PostgresFixture, sample};

on_both_stores! { what_is_summed_up_is_not_read_again }

#[cfg(has_timescale)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn old_chunks_are_compressed_and_older_ones_dropped() {
    let fixture = PostgresFixture::with_timescale();
    let clock = durable_log::contract::ManualClock::at(sample("agent-7", 0).at);
    let options = PostgresOptions { clock: Some(clock.clock()), ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options).await.unwrap();
    for day in 2..20 {
        clock.set(sample("agent-7", day * 86_400).at);
        log.append(vec![sample("agent-7", day * 86_400 + 1)]).await.unwrap();
    }
    log.prune(Duration::from_hours(12 * 24), 100_000).await.unwrap();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    let count = "SELECT count(*) FILTER (WHERE is_compressed), count(*) FROM timescaledb_information.chunks
        WHERE hypertable_name = 'samples'";
    let (compressed, all): (i64, i64) = sqlx::query_as(count).fetch_one(&mut connection).await.unwrap();
    assert_eq!((compressed, all), (5, 13));
    let entries = log.read(Partition(0), 0, 1_000).await.unwrap();
    assert_eq!(entries.len(), 13, "what is compressed is read as before");
    assert_eq!(log.append(vec![sample("agent-7", 10 * 86_400 + 1)]).await.unwrap().outcomes, [Outcome::Duplicate]);
}

async fn what_is_summed_up_is_not_read_again(fixture: &PostgresFixture) {
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    log.append((0..7_200).map(|n| sample("agent-7", n)).collect()).await.unwrap();
    while log.roll_up().await.unwrap() {}
    log.append(vec![sample("agent-7", 7_200)]).await.unwrap();
    // Without the samples, only what the summaries know is left.
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    sqlx::query("DELETE FROM samples WHERE seq <= 7200").execute(&mut connection).await.unwrap();
    for (step, points) in [(10, 721), (60, 121), (3_600, 3)] {
        let query = HistoryQuery {
            subject: sample("agent-7", 0).subject,
            from: sample("agent-7", 0).at,
            to: sample("agent-7", 10_000).at,
            step: Some(Duration::from_secs(step)),
            limit: 10_000,
        };
        let history = log.history(query).await.unwrap();
        assert_eq!(history.points.len(), points, "step {step}");
        let counted: u64 = history.points.iter().map(|point| point.get(Vital::Pain).unwrap().count).sum();
        assert_eq!(counted, 7_201);
    }
}
