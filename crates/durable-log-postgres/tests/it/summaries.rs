//! Summaries of the past are there to be read.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Vital;
use durable_log::{HistoryPoint, HistoryQuery, Log};
#[cfg(has_timescale)]
use durable_log::{Outcome, Partition};
#[cfg(has_timescale)]
use durable_log_postgres::PostgresOptions;
use durable_log_postgres::{PostgresLog, migrate};
use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection};

use crate::fixture::{PostgresFixture, sample};

on_both_stores! {
    what_is_summed_up_is_not_read_again,
    what_a_former_version_stored_is_summed_up,
    what_comes_while_it_is_summed_up_in_bites_counts_once,
    what_many_subjects_send_is_summed_up_statement_by_statement,
    a_damaged_run_is_summed_up_anew_with_what_comes_next,
}

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
        let history = history(&log, 10_000, step).await;
        assert_eq!(history.len(), points, "step {step}");
        assert_eq!(count(&history), 7_201);
    }
}

/// It may still run, or come back: what it writes meanwhile is summed up too.
async fn what_a_former_version_stored_is_summed_up(fixture: &PostgresFixture) {
    let url = fixture.url_after(make_as_before).await;
    migrate(url).await.unwrap();
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let before = history(&log, 100, 10).await;
    assert_eq!((before.len(), count(&before)), (10, 100), "read from the samples");
    log.append(vec![sample("agent-7", 100)]).await.unwrap();
    while log.roll_up().await.unwrap() {}
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql("DELETE FROM samples").execute(&mut connection).await.unwrap();
    let after = history(&log, 110, 10).await;
    assert_eq!((&after[..10], count(&after)), (&before[..], 101), "read from the summaries");

    sqlx::raw_sql(WRITE_AS_BEFORE).execute(&mut connection).await.unwrap();
    assert_eq!(count(&history(&log, 210, 10).await), 1, "all of it is read from the only sample that is left");
    log.append(vec![sample("agent-7", 300)]).await.unwrap();
    assert_eq!(count(&history(&log, 310, 10).await), 2, "nobody knows yet what the former version wrote");
    while log.roll_up().await.unwrap() {}
    assert_eq!(count(&history(&log, 310, 10).await), 103);
}

/// A hundred samples that were summed up, as the version before these summaries left them.
async fn make_as_before(url: &str) {
    let mut all = sqlx::migrate!("../../migrations/postgres").iter().cloned().collect::<Vec<_>>();
    all.retain(|migration| migration.version < 8);
    let mut connection = PgConnection::connect(url).await.unwrap();
    Migrator::with_migrations(all).run_direct(None, &mut connection, false).await.unwrap();
    sqlx::raw_sql(AS_BEFORE).execute(&mut connection).await.unwrap();
}

const AS_BEFORE: &str = "
    INSERT INTO meta (key, value) VALUES ('format', 1), ('epoch', 5), ('partitions', 1);
    INSERT INTO subjects (id, name, partition) VALUES (nextval('subject_ids'), 'agent-7', 0);
    DO $$ BEGIN
        IF (SELECT relkind = 'p' FROM pg_class WHERE oid = 'samples'::regclass) THEN
            CREATE TABLE samples_old PARTITION OF samples FOR VALUES FROM ('2026-01-01Z') TO ('2026-01-02Z');
            INSERT INTO chunks VALUES ('samples', '2026-01-01Z', '2026-01-02Z', 'samples_old');
            CREATE TABLE samples_10s_old PARTITION OF samples_10s FOR VALUES FROM ('2026-01-01Z') TO ('2026-01-08Z');
            INSERT INTO chunks VALUES ('samples_10s', '2026-01-01Z', '2026-01-08Z', 'samples_10s_old');
        END IF;
    END $$;
    INSERT INTO samples (subject_id, at, partition, seq, recorded, pain)
    SELECT 1, '2026-01-01Z'::timestamptz + n * interval '1 second', 0, n + 1, now(), 0.25 FROM generate_series(0, 99) AS n;
    INSERT INTO stretches VALUES (0, 60, now(), '2026-01-01T00:00:00Z', '2026-01-01T00:00:59Z');
    INSERT INTO heads (partition, seq, recorded, stretch_after, stretch_oldest, stretch_newest)
    VALUES (0, 100, now(), 60, '2026-01-01T00:01:00Z', '2026-01-01T00:01:39Z');
    INSERT INTO roll_ups (partition, through) VALUES (0, 100)";

/// One sample, without a word of what is not summed up.
const WRITE_AS_BEFORE: &str = "
    INSERT INTO samples (subject_id, at, partition, seq, recorded, pain)
    VALUES (1, '2026-01-01T00:03:20Z', 0, 102, now(), 0.25);
    UPDATE heads SET seq = 102, stretch_newest = '2026-01-01T00:03:20Z'";

/// More than a bite, and between two of them the same time again.
async fn what_comes_while_it_is_summed_up_in_bites_counts_once(fixture: &PostgresFixture) {
    const SAMPLES: i64 = 60_000;
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    for part in (0..SAMPLES).collect::<Vec<_>>().chunks(10_000) {
        log.append(part.iter().map(|n| sample("agent-7", 2 * n)).collect()).await.unwrap();
    }
    assert!(log.roll_up().await.unwrap(), "there is more than a bite");
    log.append((0..1_000).map(|n| sample("agent-7", 2 * n + 1)).collect()).await.unwrap();
    assert_eq!(count(&history(&log, 2 * SAMPLES, 3_600).await), 61_000);
    while log.roll_up().await.unwrap() {}
    assert!(!log.roll_up().await.unwrap(), "there is an end to it");
    for step in [7, 10, 60, 3_600] {
        assert_eq!(count(&history(&log, 2 * SAMPLES, step).await), 61_000, "step {step}");
    }
}

/// More runs than one statement takes.
async fn what_many_subjects_send_is_summed_up_statement_by_statement(fixture: &PostgresFixture) {
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    log.append((0..2_000).map(|n| sample(&format!("agent-{n}"), 0)).collect()).await.unwrap();
    while log.roll_up().await.unwrap() {}
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    let runs: i64 = sqlx::query_scalar("SELECT count(*) FROM runs").fetch_one(&mut connection).await.unwrap();
    assert_eq!(runs, 6_000);
}

async fn a_damaged_run_is_summed_up_anew_with_what_comes_next(fixture: &PostgresFixture) {
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    for (round, damage) in (1..).zip([TOO_MANY, CUT_OFF]) {
        log.append((0..100).map(|n| sample("agent-7", 2 * n + round)).collect()).await.unwrap();
        while log.roll_up().await.unwrap() {}
        sqlx::raw_sql(damage).execute(&mut connection).await.unwrap();
        log.append(vec![sample("agent-7", 1_000 + round)]).await.unwrap();
        while log.roll_up().await.unwrap() {}
        let expected = 101 * u64::try_from(round).unwrap();
        assert_eq!(count(&history(&log, 3_600, 3_600).await), expected, "after {damage}");
    }
}

/// A first bucket whose pain was measured 2^32 - 1 times.
const TOO_MANY: &str = r"UPDATE runs SET body =
    '\x01000800000000ffffffff000000000000e03f000000000000e03f000000000000e03f000000000000e03f'";

const CUT_OFF: &str = r"UPDATE runs SET body = '\x010008'";

/// Of the first so many seconds.
async fn history(log: &Arc<PostgresLog>, seconds: i64, step: u64) -> Vec<HistoryPoint> {
    let query = HistoryQuery {
        subject: sample("agent-7", 0).subject,
        from: sample("agent-7", 0).at,
        to: sample("agent-7", seconds).at,
        step: Some(Duration::from_secs(step)),
        limit: 100_000,
    };
    log.history(query).await.unwrap().points
}

fn count(history: &[HistoryPoint]) -> u64 {
    history.iter().map(|point| point.get(Vital::Pain).unwrap().count).sum()
}
