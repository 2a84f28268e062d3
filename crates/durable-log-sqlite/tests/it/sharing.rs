//! Several processes on one file.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bus_local::{LocalBus, SilentBus};
use domain::Timestamp;
use durable_log::{Clock, Cursor, EngineCommit, Fence, Followed, Follower, Log, LogError, Member, Outcome, Partition};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use futures_util::FutureExt;
use sqlx::{Connection, SqliteConnection};
use tokio::task::JoinSet;

use crate::fixture::{SqliteFixture, sample};

const ONLY: Partition = Partition(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_share_the_numbers_without_a_gap_and_readers_of_both_see_all() {
    const SAMPLES: i64 = 200;
    let fixture = SqliteFixture::new();
    let bus = Arc::new(LocalBus::new());
    let one = SqliteLog::open(fixture.options(Arc::clone(&bus) as _)).await.unwrap();
    let other = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let start = Cursor::start(one.heads().await.unwrap().epoch, 1);
    let mut hurried = Follower::new(Arc::clone(&one) as _, &*bus, start.clone());
    let mut polling = Follower::new(Arc::clone(&other) as _, &SilentBus, start);
    let mut writing = JoinSet::new();
    for n in 0..SAMPLES {
        let log = Arc::clone(if n % 2 == 0 { &one } else { &other });
        writing.spawn(async move { log.append(vec![sample(n)]).await.unwrap().outcomes });
    }
    let numbers: HashSet<u64> = writing.join_all().await.into_iter().flatten().map(number).collect();
    assert_eq!(numbers, (1..=SAMPLES.unsigned_abs()).collect());
    for follower in [&mut hurried, &mut polling] {
        let mut seen = 0;
        while seen < SAMPLES.unsigned_abs() {
            let followed = tokio::time::timeout(Duration::from_secs(60), follower.next()).await;
            let Followed::Batch(batch) = followed.expect("it comes").unwrap() else { panic!("unexpected reset") };
            assert_eq!(batch.first(), seen + 1);
            seen = batch.last();
        }
    }
    assert_eq!(other.append(vec![sample(0)]).await.unwrap().outcomes, [Outcome::Duplicate]);
    one.close().await;
    other.close().await;
}

fn number(outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Accepted { seq, .. } => seq,
        other => panic!("expected an accepted sample: {other:?}"),
    }
}

/// A silent tick that has saved all.
fn commit(fence: Fence, through: u64) -> EngineCommit {
    EngineCommit {
        fence,
        through,
        now: sample(0).at,
        is_tick: true,
        events: Vec::new(),
        subjects: Vec::new(),
        saves_all: true,
        presences: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fence_and_a_tick_hold_across_processes() {
    let fixture = SqliteFixture::new();
    let one = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let other = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let old = one.claim(ONLY).await.unwrap();
    let new = other.claim(ONLY).await.unwrap();
    assert!(matches!(one.commit(commit(old, 0)).await, Err(LogError::Fenced { .. })));
    one.append(vec![sample(1)]).await.unwrap();
    assert!(matches!(other.commit(commit(new, 0)).await, Err(LogError::Behind { .. })));
    assert_eq!(other.commit(commit(new, 1)).await.unwrap(), 1);
}

/// It saves all that changed with each commit, and knows nothing of checkpoints.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_version_before_has_committed_is_saved() {
    let fixture = SqliteFixture::new();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let fence = log.claim(ONLY).await.unwrap();
    log.append(vec![sample(1), sample(2), sample(3)]).await.unwrap();
    log.commit(EngineCommit { is_tick: false, ..commit(fence, 1) }).await.unwrap();
    log.commit(EngineCommit { is_tick: false, saves_all: false, ..commit(fence, 2) }).await.unwrap();
    let saved = async || log.engine_state(ONLY).await.map(|state| (state.saved_through, state.saved_now)).unwrap();
    assert_eq!(saved().await.0, 1);
    let mut before = SqliteConnection::connect(fixture.path().to_str().unwrap()).await.unwrap();
    let update = "UPDATE heads SET engine_through = 3, engine_now = 7";
    sqlx::query(update).execute(&mut before).await.unwrap();
    let all = (3, Timestamp::from_micros(7));
    assert_eq!(saved().await, all);
    // Also after others of this version have written.
    log.append(vec![sample(4)]).await.unwrap();
    assert_eq!(saved().await, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_whose_clock_was_an_hour_ahead_is_not_waited_for_that_long() {
    const TTL: Duration = Duration::from_millis(50);
    let fixture = SqliteFixture::new();
    let open = async |hour: i64| {
        let clock = Clock::steady(move || sample(hour * 3_600_000_000).at);
        SqliteLog::open(SqliteOptions { clock, ..fixture.options(Arc::new(SilentBus)) }).await.unwrap()
    };
    let (ahead, behind) = (open(1).await, open(0).await);
    ahead.append(vec![sample(0)]).await.unwrap();
    assert_eq!(ahead.share(Member(1), TTL).await.unwrap(), [ONLY]);
    let takes_over = async {
        while behind.share(Member(2), TTL).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), takes_over).await.expect("it takes over");
}

/// A follower asks the log, and whoever has it may not look for the answer for long.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_nobody_asks_keeps_no_connection_from_others() {
    let fixture = SqliteFixture::new();
    let options = SqliteOptions { readers: 1, ..fixture.options(Arc::new(SilentBus)) };
    let log = SqliteLog::open(options).await.unwrap();
    // More than is handed over at once.
    log.append((0..1_000).map(sample).collect()).await.unwrap();
    let start = Cursor::start(log.heads().await.unwrap().epoch, 1);
    let mut follower = Follower::new(Arc::clone(&log) as _, &SilentBus, start);
    while follower.next().now_or_never().is_none() {
        log.heads().await.expect("there is a connection for it");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_open_a_new_file_at_the_same_time() {
    for _ in 0..10 {
        let fixture = SqliteFixture::new();
        let mut opening = JoinSet::new();
        for _ in 0..4 {
            let options = fixture.options(Arc::new(SilentBus));
            opening.spawn(async move {
                let log = SqliteLog::open(options).await.unwrap();
                let epoch = log.heads().await.unwrap().epoch;
                log.close().await;
                epoch.0
            });
        }
        let epochs: HashSet<u64> = opening.join_all().await.into_iter().collect();
        assert_eq!(epochs.len(), 1);
    }
}
