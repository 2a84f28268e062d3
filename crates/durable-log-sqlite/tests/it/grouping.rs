//! The queue before the writer: what waits, what is refused, what goes together.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use bus_local::SilentBus;
use domain::Command;
use durable_log::{Batch, Bus, Epoch, Log, LogError, Outcome, Partition, Subscription};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use futures_util::FutureExt;
use futures_util::future::join_all;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::fixture::{SqliteFixture, sample};

/// A bus that stands still while its gate is shut, and the writer with it: what comes then must queue.
#[derive(Default)]
struct GatedBus {
    is_shut: Mutex<bool>,
    moved: Condvar,
    published: Mutex<Vec<usize>>,
}

impl GatedBus {
    fn shut(&self, is_shut: bool) {
        *self.is_shut.lock().expect("nobody panics with it") = is_shut;
        self.moved.notify_all();
    }

    /// How many entries each batch had.
    fn sizes(&self) -> Vec<usize> {
        self.published.lock().expect("nobody panics with it").clone()
    }
}

impl Bus for GatedBus {
    fn publish(&self, _: Epoch, batch: Arc<Batch>) {
        self.published.lock().expect("nobody panics with it").push(batch.entries.len());
        let is_shut = self.is_shut.lock().expect("nobody panics with it");
        // The bound lets a failed test end.
        let opened = self.moved.wait_timeout_while(is_shut, Duration::from_secs(10), |is_shut| *is_shut);
        drop(opened.expect("nobody panics with it"));
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        SilentBus.subscribe()
    }
}

/// Waits until `holds`, far beyond what any machine needs.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..60_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("never came: {what}");
}

/// Starts a call, which then waits in the queue.
fn queue<F: Future>(call: F) -> Pin<Box<F>> {
    let mut call = Box::pin(call);
    assert!(call.as_mut().now_or_never().is_none(), "it waits for the writer");
    call
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_queues_during_a_commit_goes_into_the_next_one_together() {
    let fixture = SqliteFixture::new();
    let bus = Arc::new(GatedBus::default());
    let options = SqliteOptions { queued_samples: 10, queued_requests: 4, ..fixture.options(Arc::clone(&bus) as _) };
    let log = SqliteLog::open(options).await.unwrap();
    let samples = |n: i64, count: i64| (0..count).map(|m| sample(n * 100 + m)).collect();

    bus.shut(true);
    let first = queue(log.append(samples(0, 1)));
    until("the writer stands in the first commit", || bus.sizes() == [1]).await;
    let second = queue(log.append(samples(1, 4)));
    let third = queue(log.append(samples(2, 4)));
    let claim = queue(log.claim(Partition(0)));
    // One sample more has room, two have not; then the fourth request takes the last place.
    assert!(matches!(log.append(samples(3, 2)).await, Err(LogError::Overloaded)));
    let fourth = queue(log.append(samples(4, 1)));
    let command = Command::Acknowledge { alert: "x".into(), by: "Ann".into(), note: String::new() };
    assert!(matches!(log.append_command(sample(0).subject, command).await, Err(LogError::Overloaded)));
    let waiting = queue(log.claim(Partition(0)));
    bus.shut(false);

    for append in [first, second, third, fourth] {
        append.await.unwrap();
    }
    assert!(claim.await.unwrap().token < waiting.await.unwrap().token);
    assert_eq!(bus.sizes(), [1, 9]);
    log.append(samples(5, 30)).await.expect("a call larger than the queue goes in when it is empty");
}

/// In one thread, so that all of them wait when the writer wakes: they are one group.
#[tokio::test]
async fn a_request_that_is_refused_again_and_again_harms_no_other() {
    const BAD: i64 = 7;
    let fixture = SqliteFixture::new();
    let log = SqliteLog::open(fixture.options(Arc::new(SilentBus))).await.unwrap();
    let options = SqliteConnectOptions::new().filename(fixture.path());
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(REFUSE_THE_BAD).execute(&mut connection).await.unwrap();
    let outcomes = join_all((0..20).map(|n| log.append(vec![sample(n)]))).await;
    let refused = |n: &usize| matches!(outcomes[*n], Err(LogError::Store { .. }));
    assert_eq!((0..20).filter(refused).collect::<Vec<_>>(), [usize::try_from(BAD).unwrap()], "{outcomes:?}");
    let stored = outcomes.into_iter().filter_map(Result::ok).flat_map(|appended| appended.outcomes);
    let expected = (1..=19).map(|seq| Outcome::Accepted { partition: Partition(0), seq });
    assert_eq!(stored.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// The seventh.
const REFUSE_THE_BAD: &str = "
    CREATE TRIGGER refuse BEFORE INSERT ON samples WHEN NEW.at = 1767225600000007
    BEGIN SELECT RAISE(ABORT, 'no'); END";
