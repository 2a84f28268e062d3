//! Summaries of the past are there to be read.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Vital;
use durable_log::{HistoryQuery, Log};
use durable_log_postgres::PostgresLog;
use sqlx::{Connection, PgConnection};

use crate::fixture::{PostgresFixture, sample};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_summed_up_is_not_read_again() {
    let fixture = PostgresFixture::new();
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
