//! Several processes on one database.

use std::collections::HashSet;
use std::sync::Arc;

use bus_local::SilentBus;
use domain::Timestamp;
use durable_log::{Cursor, EngineCommit, Fence, Follower, Log, LogError, Outcome, Partition};
use durable_log_postgres::{PostgresLog, PostgresOptions};
use futures_util::FutureExt;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use crate::fixture::{PostgresFixture, sample};

const ONLY: Partition = Partition(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_share_the_numbers_without_a_gap() {
    const SAMPLES: i64 = 200;
    let fixture = PostgresFixture::new();
    let mut logs = Vec::new();
    for _ in 0..3 {
        logs.push(PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap());
    }
    let mut writing = JoinSet::new();
    for n in 0..SAMPLES {
        let log = Arc::clone(&logs[usize::try_from(n % 3).unwrap()]);
        writing.spawn(async move { log.append(vec![sample("agent-7", n)]).await.unwrap().outcomes });
    }
    let numbers: HashSet<u64> = writing
        .join_all()
        .await
        .into_iter()
        .flatten()
        .map(|outcome| match outcome {
            Outcome::Accepted { seq, .. } => seq,
            other => panic!("expected an accepted sample: {other:?}"),
        })
        .collect();
    assert_eq!(numbers, (1..=SAMPLES.unsigned_abs()).collect());
    assert_eq!(logs[1].append(vec![sample("agent-7", 0)]).await.unwrap().outcomes, [Outcome::Duplicate]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_over_several_partitions_is_answered_in_its_order() {
    let fixture = PostgresFixture::new();
    let options = PostgresOptions { partitions: 8, ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options).await.unwrap();
    let samples: Vec<_> = (0..50).map(|n| sample(&format!("agent-{n}"), 1)).collect();
    log.append(samples.iter().step_by(3).cloned().collect()).await.unwrap();
    let outcomes = log.append(samples).await.unwrap().outcomes;
    for (n, outcome) in outcomes.iter().enumerate() {
        assert_eq!(*outcome == Outcome::Duplicate, n % 3 == 0, "sample {n}: {outcome:?}");
    }
}

/// A silent tick that has saved all.
fn commit(fence: Fence, through: u64) -> EngineCommit {
    EngineCommit {
        fence,
        through,
        now: sample("agent-7", 0).at,
        is_tick: true,
        events: Vec::new(),
        subjects: Vec::new(),
        saves_all: true,
        presences: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fence_and_a_tick_hold_across_processes() {
    let fixture = PostgresFixture::new();
    let one = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let other = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let old = one.claim(ONLY).await.unwrap();
    let new = other.claim(ONLY).await.unwrap();
    assert!(matches!(one.commit(commit(old, 0)).await, Err(LogError::Fenced { .. })));
    one.append(vec![sample("agent-7", 1)]).await.unwrap();
    assert!(matches!(other.commit(commit(new, 0)).await, Err(LogError::Behind { .. })));
    assert_eq!(other.commit(commit(new, 1)).await.unwrap(), 1);
}

/// It saves all that changed with each commit, and knows nothing of checkpoints.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_version_before_has_committed_is_saved() {
    let fixture = PostgresFixture::new();
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let fence = log.claim(ONLY).await.unwrap();
    log.append(vec![sample("agent-7", 1), sample("agent-7", 2), sample("agent-7", 3)]).await.unwrap();
    log.commit(EngineCommit { is_tick: false, ..commit(fence, 1) }).await.unwrap();
    log.commit(EngineCommit { is_tick: false, saves_all: false, ..commit(fence, 2) }).await.unwrap();
    let saved = async || log.engine_state(ONLY).await.map(|state| (state.saved_through, state.saved_now)).unwrap();
    assert_eq!(saved().await.0, 1);
    let mut before = PgConnection::connect(fixture.url().await).await.unwrap();
    let update = "UPDATE heads SET engine_through = 3, engine_now = to_timestamp(0.000007)";
    sqlx::query(update).execute(&mut before).await.unwrap();
    let all = (3, Timestamp::from_micros(7));
    assert_eq!(saved().await, all);
    // Also after others of this version have written.
    log.append(vec![sample("agent-7", 4)]).await.unwrap();
    assert_eq!(saved().await, all);
}

/// A follower asks the log, and whoever has it may not look for the answer for long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_nobody_asks_keeps_no_connection_from_others() {
    let fixture = PostgresFixture::new();
    let options = PostgresOptions { readers: 1, ..fixture.options(Arc::new(SilentBus)).await };
    let log = PostgresLog::open(options).await.unwrap();
    // More than is handed over at once.
    log.append((0..1_000).map(|n| sample("agent-7", n)).collect()).await.unwrap();
    let start = Cursor::start(log.heads().await.unwrap().epoch, 1);
    let mut follower = Follower::new(Arc::clone(&log) as _, &SilentBus, start);
    while follower.next().now_or_never().is_none() {
        log.heads().await.expect("there is a connection for it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_cut_are_made_anew_and_nothing_is_lost() {
    let fixture = PostgresFixture::new();
    let log = PostgresLog::open(fixture.options(Arc::new(SilentBus)).await).await.unwrap();
    let mut administrator = PgConnection::connect(fixture.url().await).await.unwrap();
    let mut accepted = 0;
    for n in 0..40 {
        if n % 10 == 5 {
            let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE application_name = 'iskra' AND datname = current_database()";
            let count: i64 = sqlx::query_scalar(cut).fetch_one(&mut administrator).await.unwrap();
            assert!(count > 0, "there was something to cut");
        }
        // Sending the same again is what a producer does.
        while let Err(error) = log.append(vec![sample("agent-7", n)]).await {
            assert!(matches!(error, LogError::Store { .. } | LogError::OutcomeUnknown(_)), "{error:?}");
        }
        accepted += 1;
        log.heads().await.ok();
    }
    let entries = log.read(ONLY, 0, 1_000).await.unwrap();
    assert_eq!(entries.len(), accepted);
    assert_eq!(entries.last().map(|entry| entry.seq), Some(40));
}
