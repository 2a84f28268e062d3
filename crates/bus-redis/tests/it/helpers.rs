use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bus_redis::{RedisBus, RedisOptions};
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{Batch, Body, Bus, Entry, Epoch, Followed, Follower, Hint, Partition, Subscription};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use prometheus::Registry;
use tempfile::TempDir;
use test_support::DEADLINE;

pub(crate) const EPOCH: Epoch = Epoch(7);
pub(crate) const ONLY: Partition = Partition(0);

/// A bus at `address`, which may not be connected yet.
pub(crate) fn bus_at(address: &str) -> Arc<RedisBus> {
    RedisBus::connect(RedisOptions::new(address.parse().expect("an address")))
}

/// A bus at `address` that is live.
pub(crate) async fn live_bus(address: &str) -> Arc<RedisBus> {
    let bus = bus_at(address);
    live(&bus).await;
    bus
}

pub(crate) async fn live(bus: &RedisBus) {
    until("the bus is live", || bus.health().is_connected).await;
    assert_eq!(bus.health().last_error, None);
}

pub(crate) async fn polling(bus: &RedisBus) {
    until("the bus is not live", || !bus.health().is_connected).await;
}

/// Waits until `holds`, which is `what` should come about.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(DEADLINE, waiting).await.is_ok(), "not within {DEADLINE:?}: {what}");
}

/// What happens within the deadline.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(done) => done,
        Err(_) => panic!("not within {DEADLINE:?}: {what}"),
    }
}

/// The first hint that is wanted; others are passed over.
pub(crate) async fn hint<T>(reader: &mut Box<dyn Subscription>, what: &str, wanted: impl Fn(Hint) -> Option<T>) -> T {
    soon(what, async {
        loop {
            if let Some(found) = wanted(reader.next().await) {
                return found;
            }
        }
    })
    .await
}

/// The next batch, whatever else is said before it.
pub(crate) async fn batch(reader: &mut Box<dyn Subscription>) -> (Epoch, Arc<Batch>) {
    hint(reader, "a batch comes", |hint| match hint {
        Hint::Batch(epoch, batch) => Some((epoch, batch)),
        Hint::Heads(_) | Hint::Lost => None,
    })
    .await
}

/// Waits until the log is said to reach `seq` in partition 0.
pub(crate) async fn heads(reader: &mut Box<dyn Subscription>, seq: u64) {
    hint(reader, "the heads come", |hint| match hint {
        Hint::Heads(heads) => (heads.epoch == EPOCH && heads.seq(ONLY) == seq).then_some(()),
        Hint::Batch(..) | Hint::Lost => None,
    })
    .await;
}

pub(crate) async fn lost(reader: &mut Box<dyn Subscription>) {
    hint(reader, "something is lost", |hint| matches!(hint, Hint::Lost).then_some(())).await;
}

/// That what one publishes comes to the other, and back.
pub(crate) async fn check_carries(one: &RedisBus, other: &RedisBus, seq: u64) {
    for (from, to) in [(one, other), (other, one)] {
        let mut reader = to.subscribe();
        let sent = samples(seq, 1);
        from.publish(EPOCH, Arc::clone(&sent));
        assert_eq!(batch(&mut reader).await, (EPOCH, sent));
    }
}

/// `count` entries of partition 0 from number `first` on.
pub(crate) fn samples(first: u64, count: u64) -> Arc<Batch> {
    let entries = (first..first + count).map(|seq| {
        let at = seq.cast_signed();
        Entry { seq, recorded: Timestamp::from_micros(at), body: Body::Sample(sample(at)) }
    });
    Arc::new(Batch { partition: ONLY, entries: entries.collect() })
}

/// A sample of `agent-7`, one for each `n`.
pub(crate) fn sample(n: i64) -> Sample {
    Sample {
        subject: Subject::new("agent-7").expect("a name"),
        at: Timestamp::from_micros(1_767_225_600_000_000 + n),
        vitals: Vitals::default().with(Vital::Pain, Score::clamped(0.3)),
        signals: Signals::new(),
    }
}

/// One file for the logs of several processes.
pub(crate) struct File {
    folder: TempDir,
}

impl File {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("iskra.db")
    }

    /// One process's log.
    pub(crate) async fn open(&self, bus: &Arc<RedisBus>) -> Arc<SqliteLog> {
        let bus: Arc<dyn Bus> = Arc::clone(bus) as _;
        SqliteLog::open(SqliteOptions::new(self.path(), 1, bus)).await.expect("the log opens")
    }
}

/// Follows until number `last` was seen; there must be no gap.
pub(crate) async fn follow_to(follower: &mut Follower, last: u64) {
    while follower.cursor().seq(ONLY) < last {
        let before = follower.cursor().seq(ONLY);
        match soon("the follower gets on", follower.next()).await.expect("the log answers") {
            Followed::Batch(batch) => assert_eq!(batch.first(), before + 1),
            Followed::Reset(cursor) => panic!("unexpected reset to {cursor}"),
        }
    }
    assert_eq!(follower.cursor().seq(ONLY), last);
}

/// A metric's value; `reason` is that of the label, if it has one.
pub(crate) fn metric(bus: &RedisBus, name: &str, reason: &str) -> f64 {
    let registry = Registry::new();
    bus.register(&registry).expect("the registry is new");
    let families = registry.gather();
    let family = families.iter().find(|family| family.name() == name).unwrap_or_else(|| panic!("there is no {name}"));
    let mut metrics = family.get_metric().iter();
    let metric = metrics.find(|one| reason.is_empty() || one.get_label().iter().any(|label| label.value() == reason));
    let metric = metric.unwrap_or_else(|| panic!("{name} has no {reason}"));
    metric.get_counter().get_value() + metric.get_gauge().get_value()
}
