//! Summaries of the past are there to be read, and go with their samples.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::{Sample, Vital};
use durable_log::contract::ManualClock;
use durable_log::{HistoryPoint, HistoryQuery, Log};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};

use crate::fixture::{SqliteFixture, sample};

const HOUR: Duration = Duration::from_hours(1);

fn after(seconds: i64) -> Sample {
    sample(seconds * 1_000_000)
}

async fn open(fixture: &SqliteFixture) -> (Arc<SqliteLog>, ManualClock) {
    let clock = ManualClock::at(after(0).at);
    let options = SqliteOptions { clock: clock.clock(), ..fixture.options(Arc::new(SilentBus)) };
    (SqliteLog::open(options).await.unwrap(), clock)
}

async fn change(fixture: &SqliteFixture, statements: &'static str) {
    let mut connection = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Of the first so many seconds.
async fn history(log: &SqliteLog, seconds: i64, step: u64) -> Vec<HistoryPoint> {
    let (from, to) = (after(0).at, after(seconds).at);
    let query =
        HistoryQuery { subject: after(0).subject, from, to, step: Some(Duration::from_secs(step)), limit: 100_000 };
    log.history(query).await.unwrap().points
}

fn count(history: &[HistoryPoint]) -> u64 {
    history.iter().map(|point| point.get(Vital::Pain).unwrap().count).sum()
}

#[tokio::test]
async fn what_is_summed_up_is_not_read_again() {
    let fixture = SqliteFixture::new();
    let (log, _) = open(&fixture).await;
    log.append((0..7_200).map(after).collect()).await.unwrap();
    while log.roll_up().await.unwrap() {}
    log.append(vec![after(7_200)]).await.unwrap();
    change(&fixture, "DELETE FROM samples WHERE seq <= 7200").await;
    for (step, points) in [(10, 721), (60, 121), (3_600, 3)] {
        let history = history(&log, 10_000, step).await;
        assert_eq!((history.len(), count(&history)), (points, 7_201), "step {step}");
    }
}

#[tokio::test]
async fn what_comes_while_it_is_summed_up_in_bites_counts_once() {
    let fixture = SqliteFixture::new();
    let (log, _) = open(&fixture).await;
    log.append((0..15_000).map(|n| after(2 * n)).collect()).await.unwrap();
    for _ in 0..2 {
        assert!(log.roll_up().await.unwrap(), "there is more than a bite");
    }
    log.append((0..1_000).map(|n| after(2 * n + 1)).collect()).await.unwrap();
    assert_eq!(count(&history(&log, 30_000, 3_600).await), 16_000);
    while log.roll_up().await.unwrap() {}
    for step in [7, 10, 60, 3_600] {
        assert_eq!(count(&history(&log, 30_000, step).await), 16_000, "step {step}");
    }
}

#[tokio::test]
async fn what_a_former_version_stored_is_summed_up() {
    let fixture = SqliteFixture::new();
    std::fs::create_dir_all(fixture.path().parent().unwrap()).unwrap();
    let mut all = sqlx::migrate!("../../migrations/sqlite").iter().cloned().collect::<Vec<_>>();
    all.retain(|migration| migration.version < 8);
    let url = format!("sqlite://{}?mode=rwc", fixture.path().display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    Migrator::with_migrations(all).run_direct(None, &mut connection, false).await.unwrap();
    sqlx::raw_sql(AS_BEFORE).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let (log, _) = open(&fixture).await;
    let before = history(&log, 100, 10).await;
    assert_eq!((before.len(), count(&before)), (10, 100), "read from the samples");
    log.append(vec![after(100)]).await.unwrap();
    while log.roll_up().await.unwrap() {}
    change(&fixture, "DELETE FROM samples").await;
    let now = history(&log, 110, 10).await;
    assert_eq!((&now[..10], count(&now)), (&before[..], 101), "read from the summaries");

    change(&fixture, WRITE_AS_BEFORE).await;
    assert_eq!(count(&history(&log, 210, 10).await), 1, "all of it is read from the only sample that is left");
    log.append(vec![after(300)]).await.unwrap();
    assert_eq!(count(&history(&log, 310, 10).await), 2, "nobody knows yet what the former version wrote");
    while log.roll_up().await.unwrap() {}
    assert_eq!(count(&history(&log, 310, 10).await), 103);
}

const AS_BEFORE: &str = "
    INSERT INTO subjects (id, name, partition) VALUES (1, 'agent-7', 0);
    WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 99)
    INSERT INTO samples (subject_id, at, partition, seq, recorded, pain)
    SELECT 1, 1767225600000000 + n * 1000000, 0, n + 1, 0, 0.25 FROM numbers;
    INSERT INTO heads (partition, seq) VALUES (0, 100);";

/// One sample, without a word of what is not summed up.
const WRITE_AS_BEFORE: &str = "
    INSERT INTO samples (subject_id, at, partition, seq, recorded, pain) VALUES (1, 1767225800000000, 0, 102, 0, 0.25);
    UPDATE heads SET seq = 102;";

/// A sample that was measured long ago may have come just now: its summaries stay as long as it does.
#[tokio::test]
async fn summaries_go_with_the_last_of_their_samples() {
    let fixture = SqliteFixture::new();
    let (log, clock) = open(&fixture).await;
    log.append((0..100).map(after).collect()).await.unwrap();
    clock.set(after(100_000).at);
    log.append(vec![after(50), after(200), after(100_000)]).await.unwrap();
    while log.roll_up().await.unwrap() {}
    log.prune(HOUR, 1_000).await.unwrap();
    let kept = history(&log, 200_000, 60).await;
    assert_eq!(kept.iter().map(|point| point.at).max(), Some(after(99_960).at));
    assert!(kept.iter().any(|point| point.at == after(180).at), "what came late is there");
    clock.set(after(110_000).at);
    log.append(vec![after(110_000)]).await.unwrap();
    log.prune(HOUR, 1_000).await.unwrap();
    while log.roll_up().await.unwrap() {}
    let kept = history(&log, 200_000, 60).await;
    assert_eq!(kept.iter().map(|point| point.at).min(), Some(after(109_980).at), "nothing else is left");
}

/// Each of them alone makes a run of every width.
#[tokio::test]
async fn summaries_go_as_fast_as_samples_that_lie_far_apart() {
    const DAY: i64 = 86_400;
    let fixture = SqliteFixture::new();
    let (log, clock) = open(&fixture).await;
    log.append((0..100).map(|n| after(n * DAY)).collect()).await.unwrap();
    while log.roll_up().await.unwrap() {}
    assert_eq!(history(&log, 100 * DAY, 3_600).await.len(), 100);
    clock.set(after(200 * DAY).at);
    while log.prune(HOUR, 10).await.unwrap() == 10 {}
    for step in [10, 60, 3_600] {
        assert!(history(&log, 100 * DAY, step).await.is_empty(), "step {step}");
    }
}

#[tokio::test]
async fn a_damaged_run_is_summed_up_anew_with_what_comes_next() {
    let fixture = SqliteFixture::new();
    let (log, _) = open(&fixture).await;
    for (round, damage) in (1..).zip([TOO_MANY, CUT_OFF]) {
        log.append((0..100).map(|n| after(2 * n + round)).collect()).await.unwrap();
        while log.roll_up().await.unwrap() {}
        change(&fixture, damage).await;
        log.append(vec![after(1_000 + round)]).await.unwrap();
        while log.roll_up().await.unwrap() {}
        let expected = 101 * u64::try_from(round).unwrap();
        assert_eq!(count(&history(&log, 3_600, 3_600).await), expected, "after {damage}");
    }
}

/// A first bucket whose pain was measured 2^32 - 1 times.
const TOO_MANY: &str = "UPDATE runs SET body =
    x'01000800000000ffffffff000000000000e03f000000000000e03f000000000000e03f000000000000e03f'";

const CUT_OFF: &str = "UPDATE runs SET body = x'010008'";
