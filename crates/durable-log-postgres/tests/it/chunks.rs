//! Samples lie in chunks by the time at which they were measured; readers of the log go by number.

use std::sync::Arc;
use std::time::Duration;

use bus_local::SilentBus;
use domain::Command;
use durable_log::contract::ManualClock;
use durable_log::{Body, Log, Outcome, Partition};
use durable_log_postgres::{PostgresLog, PostgresOptions};
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use crate::fixture::{PostgresFixture, sample};

const ONLY: Partition = Partition(0);
const DAY: i64 = 86_400;

on_both_stores! {
    numbers_are_read_in_order_though_the_samples_lie_far_apart,
    chunks_made_by_many_at_once_or_under_another_width_do_not_overlap,
    a_chunk_goes_when_all_of_it_is_old_and_may_be_made_again,
    pruning_keeps_up_however_much_was_written,
    what_is_too_old_is_looked_for_among_few,
}

async fn chunks(url: &str) -> i64 {
    let count = async {
        let mut connection = PgConnection::connect(url).await?;
        let partitioned = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'samples'::regclass";
        let count = match sqlx::query_scalar(partitioned).fetch_one(&mut connection).await? {
            true => "SELECT count(*) FROM pg_inherits WHERE inhparent = 'samples'::regclass",
            false => "SELECT count(*) FROM show_chunks('samples')",
        };
        sqlx::query_scalar(count).fetch_one(&mut connection).await
    };
    count.await.expect("chunks are counted")
}

async fn numbers_are_read_in_order_though_the_samples_lie_far_apart(fixture: &PostgresFixture) {
    const SAMPLES: i64 = 23_000;
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    // Most are of one day; now and then one is of another, as far as a month back.
    let at = |n: i64| if n % 997 == 0 { -(n % 30) * DAY + n } else { n };
    for part in (0..SAMPLES).collect::<Vec<_>>().chunks(5_000) {
        let samples = part.iter().map(|n| sample("agent-7", at(*n))).collect();
        let outcomes = log.append(samples).await.unwrap().outcomes;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    }
    let mut seen = 0;
    loop {
        let entries = log.read(ONLY, seen, 777).await.unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            seen += 1;
            assert_eq!(entry.seq, seen);
            let Body::Sample(found) = entry.body else { panic!("a sample") };
            assert_eq!(found, sample("agent-7", at(seen.cast_signed() - 1)));
        }
    }
    assert_eq!(seen, SAMPLES.unsigned_abs());
    assert!(chunks(fixture.url().await).await > 10, "they do lie far apart");
}

async fn chunks_made_by_many_at_once_or_under_another_width_do_not_overlap(fixture: &PostgresFixture) {
    let mut writing = JoinSet::new();
    for n in 0..6_u32 {
        let chunk = Duration::from_hours(if n % 2 == 0 { 24 } else { 7 * 24 });
        let options = PostgresOptions { chunk, ..fixture.options(Arc::new(SilentBus)).await };
        let log = PostgresLog::open(options).await.unwrap();
        writing.spawn(async move {
            for day in 0..20 {
                log.append(vec![sample(&format!("agent-{n}"), day * DAY)]).await.unwrap();
            }
        });
    }
    writing.join_all().await;
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    assert_eq!(log.read(ONLY, 0, 1_000).await.unwrap().len(), 120);
}

async fn a_chunk_goes_when_all_of_it_is_old_and_may_be_made_again(fixture: &PostgresFixture) {
    let clock = ManualClock::at(sample("agent-7", 0).at);
    let options = PostgresOptions { clock: Some(clock.clock()), ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options).await.unwrap();
    let retention = Duration::from_hours(10 * 24);
    for day in 0..15 {
        clock.set(sample("agent-7", day * DAY).at);
        log.append(vec![sample("agent-7", day * DAY + 1)]).await.unwrap();
        while log.roll_up().await.unwrap() {}
    }
    let before = chunks(fixture.url().await).await;
    assert_eq!(log.prune(retention, 1_000).await.unwrap(), 4);
    let after = chunks(fixture.url().await).await;
    assert!(after < before && after >= 10, "{before} chunks, then {after}");
    let left: Vec<u64> = log.read(ONLY, 0, 1_000).await.unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(left, (5..=15).collect::<Vec<_>>());
    // The writer still remembers the chunk that is gone.
    for expected in [Outcome::Accepted { partition: ONLY, seq: 16 }, Outcome::Duplicate] {
        assert_eq!(log.append(vec![sample("agent-7", 1)]).await.unwrap().outcomes, [expected]);
    }
    assert_eq!(log.heads().await.unwrap().seq(ONLY), 16);
}

/// Between the look at what is in sight and the drop of what is not, a sample of an old time may come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chunk_is_not_dropped_with_a_sample_that_came_late() {
    let fixture = PostgresFixture::new();
    let clock = ManualClock::at(sample("agent-7", 0).at);
    let options = PostgresOptions { clock: Some(clock.clock()), ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options).await.unwrap();
    log.append(vec![sample("agent-7", 1)]).await.unwrap();
    clock.set(sample("agent-7", 20 * DAY).at);
    log.append(vec![sample("agent-7", 20 * DAY)]).await.unwrap();
    // Whoever drops chunks has looked at the samples, and now waits for the list of chunks.
    let mut other = PgConnection::connect(fixture.url().await).await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK chunks").execute(&mut other).await.unwrap();
    let pruning = {
        let log = log.clone();
        tokio::spawn(async move { log.prune(Duration::from_hours(10 * 24), 1_000).await })
    };
    let mut watcher = PgConnection::connect(fixture.url().await).await.unwrap();
    until_somebody_waits(&mut watcher, "chunks").await;
    assert_eq!(
        log.append(vec![sample("agent-7", 2)]).await.unwrap().outcomes,
        [Outcome::Accepted { partition: ONLY, seq: 3 }]
    );
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    drop(pruning.await.unwrap());
    log.prune(Duration::from_hours(10 * 24), 1_000).await.unwrap();
    let left: Vec<u64> = log.read(ONLY, 0, 1_000).await.unwrap().iter().map(|entry| entry.seq).collect();
    assert_eq!(left, [2, 3]);
}

async fn until_somebody_waits(connection: &mut PgConnection, table: &str) {
    let waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE relation = $1::regclass AND NOT granted)";
    let wait = async {
        while !sqlx::query_scalar::<_, bool>(waiting).bind(table).fetch_one(&mut *connection).await.unwrap() {}
    };
    tokio::time::timeout(Duration::from_secs(20), wait).await.expect("somebody waits");
}

/// Whole stretches go at once, in all partitions; what must be deleted of them goes bite by bite.
async fn pruning_keeps_up_however_much_was_written(fixture: &PostgresFixture) {
    const SAMPLES: i64 = 30_000;
    let clock = ManualClock::at(sample("agent-7", 0).at);
    let options = fixture.options(Arc::new(SilentBus)).await;
    let options = PostgresOptions { clock: Some(clock.clock()), partitions: 2, ..options };
    let log = PostgresLog::open(options).await.unwrap();
    let commands = 7;
    let subjects = ["agent-1", "agent-2", "agent-3", "agent-4"].map(|name| sample(name, 0).subject);
    for subject in &subjects {
        for _ in 0..commands {
            let command = Command::Acknowledge { alert: "x".into(), by: "Ann".into(), note: String::new() };
            log.append_command(subject.clone(), command).await.unwrap();
        }
    }
    for part in (0..SAMPLES).collect::<Vec<_>>().chunks(5_000) {
        let samples = part.iter().map(|n| sample(subjects[*n as usize % 4].as_str(), *n));
        log.append(samples.collect()).await.unwrap();
    }
    let heads = log.heads().await.unwrap();
    let partitions = [ONLY, Partition(1)];
    assert!(partitions.iter().all(|partition| heads.seq(*partition) >= 10_000), "{heads:?}");
    clock.set(sample("agent-7", 20 * DAY).at);
    let retention = Duration::from_hours(10 * 24);
    assert!(log.prune(retention, 10).await.unwrap() >= 20_000, "whole stretches of both");
    for partition in partitions {
        let first = log.read(partition, 0, 1).await.unwrap()[0].seq;
        assert!(first > 10_000, "partition {partition} begins at {first}");
    }
    let mut connection = PgConnection::connect(fixture.url().await).await.unwrap();
    let mut entries = async || {
        let count = sqlx::query_scalar("SELECT count(*) FROM entries").fetch_one(&mut connection);
        count.await.unwrap()
    };
    let before: i64 = entries().await;
    assert_eq!(log.prune(retention, 10).await.unwrap(), 10);
    assert_eq!(entries().await, before - 10, "ten at a time");
    while log.prune(retention, 1_000).await.unwrap() >= 1_000 {}
    assert_eq!(entries().await, 0);
    for partition in partitions {
        assert!(log.read(partition, 0, 1).await.unwrap().is_empty());
    }
}

/// Rows that were read of all tables so far. A session tells of it when it ends.
async fn rows_read(url: &str) -> i64 {
    let count = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables";
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
}

/// Whoever writes waits meanwhile: it must not take longer the more there is.
async fn what_is_too_old_is_looked_for_among_few(fixture: &PostgresFixture) {
    const SAMPLES: i64 = 20_000;
    // By this clock they are young: TimescaleDB, which reads what it compresses, has nothing to compress.
    let clock = ManualClock::at(sample("agent-7", SAMPLES).at);
    let options = async || PostgresOptions { clock: Some(clock.clock()), ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options().await).await.unwrap();
    for part in (0..SAMPLES).collect::<Vec<_>>().chunks(5_000) {
        log.append(part.iter().map(|n| sample("agent-7", *n)).collect()).await.unwrap();
    }
    log.close().await;
    let before = rows_read(fixture.url().await).await;
    let log = PostgresLog::open(options().await).await.unwrap();
    assert_eq!(log.prune(Duration::from_hours(24 * 365 * 100), 100).await.unwrap(), 0);
    log.close().await;
    let read = rows_read(fixture.url().await).await - before;
    assert!(read < 1_000, "{read} rows were read");
}
