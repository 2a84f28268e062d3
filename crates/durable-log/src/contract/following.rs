//! Readers that live on: the bus hurries them, the log tells them the truth.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Timestamp;
use futures_util::FutureExt;

use super::flaky_log::FlakyLog;
use super::support::{ONLY, START, World, follow, next_batch, sample, soon};
use super::{Fixture, LossyBus};
use crate::{Batch, Bus, BusState, Cursor, Entry, Epoch, Followed, Follower, Hint, LogError, Partition, Subscription};

/// What the bus brings in order costs no read of the log, and can be taken without waiting. A look at the heads may come
/// between, once a second, so it is enough that it goes without a read most of the time.
pub async fn a_hint_that_continues_is_passed_on_as_it_is(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let flaky = Arc::new(FlakyLog::new(Arc::clone(&world.log)));
    let start = world.log.heads().await.unwrap();
    let mut follower = Follower::new(Arc::clone(&flaky) as _, &*world.bus, start);
    let mut rounds_without_a_read = 0;
    for round in 0..20 {
        let reads = flaky.reads();
        for n in [2 * round, 2 * round + 1] {
            world.accept(sample("agent-7", n, 0.3)).await;
        }
        let last = 2 * (round.unsigned_abs() + 1);
        let first = next_batch(&mut follower).await;
        let second = follower.ready();
        if flaky.reads() == reads && first.last() < last && second.is_some() {
            rounds_without_a_read += 1;
        }
        while follower.cursor().seq(ONLY) < last {
            next_batch(&mut follower).await;
        }
    }
    assert!(rounds_without_a_read > 10, "{rounds_without_a_read} of 20");
    assert!(follower.ready().is_none());
}

/// The point of it all. The negative control: the bus alone does lose entries.
pub async fn a_follower_misses_nothing_though_the_bus_does(fixture: &dyn Fixture) {
    const SAMPLES: i64 = 400;
    for (seed, percent) in [(1, 10), (2, 50), (3, 95)] {
        let bus = Arc::new(LossyBus::new(fixture.bus(), seed, percent));
        let fixture = fixture.another();
        let world = World::with_bus(&*fixture, 3, bus).await;
        let mut follower = world.follower().await;
        let mut raw = world.bus.subscribe();
        let log = Arc::clone(&world.log);
        let writing = tokio::spawn(async move {
            for n in 0..SAMPLES {
                log.append(vec![sample(&format!("agent-{}", n % 9), n, 0.3)]).await.unwrap();
            }
        });
        let seen = follow(&mut follower, usize::try_from(SAMPLES).unwrap()).await;
        writing.await.unwrap();
        for (partition, entries) in (0..).map(Partition).zip(&seen) {
            assert_eq!(entries, &world.entries(partition).await);
        }
        assert_eq!(follower.cursor(), &world.log.heads().await.unwrap());
        let mut carried = 0;
        while let Some(Hint::Batch(_, batch)) = raw.next().now_or_never() {
            carried += batch.entries.len();
        }
        assert!(carried < usize::try_from(SAMPLES).unwrap(), "the bus lost nothing at {percent} %: no test");
    }
}

/// Without a bus it is slower, and complete.
pub async fn without_a_bus_the_log_is_polled(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let epoch = world.log.heads().await.unwrap().epoch;
    let mut follower = Follower::new(Arc::clone(&world.log), &Script::default(), Cursor::start(epoch, 2));
    assert_eq!(follower.state(), BusState::Polling);
    for n in 0..5 {
        world.accept(sample(&format!("agent-{n}"), n, 0.3)).await;
        follow_on(&mut follower, 1).await;
    }
    assert_eq!(follower.cursor(), &world.log.heads().await.unwrap());
}

/// A late follower catches up in bounded bites, then lives.
pub async fn what_was_there_before_is_read_first(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    world.log.append((0..2_500).map(|n| sample("agent-7", n, 0.3)).collect()).await.unwrap();
    let mut follower = world.follower().await;
    let mut sizes = Vec::new();
    while sizes.iter().sum::<usize>() < 2_500 {
        sizes.push(next_batch(&mut follower).await.entries.len());
    }
    assert!(sizes.iter().all(|size| *size <= 1_000), "{sizes:?}");
    world.accept(sample("agent-7", 2_500, 0.3)).await;
    assert_eq!(next_batch(&mut follower).await.first(), 2_501);
}

/// Hints in any order, old, repeated, overlapping or of another log, never lead to a doubled or missing entry.
pub async fn old_and_overlapping_hints_are_trimmed(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let epoch = world.log.heads().await.unwrap().epoch;
    let bus = Script::default();
    let mut follower = Follower::new(Arc::clone(&world.log), &bus, Cursor::start(epoch, 1));
    world.accept(sample("agent-7", 0, 0.3)).await;
    // It has looked at the log by then, and does not for a while.
    assert_eq!(next_batch(&mut follower).await.last(), 1);
    world.log.append((1..10).map(|n| sample("agent-7", n, 0.3)).collect()).await.unwrap();
    let entries = world.entries(ONLY).await;
    let hint = |epoch, range: std::ops::RangeInclusive<usize>| {
        let entries = entries[range.start() - 1..*range.end()].to_vec();
        bus.say(Hint::Batch(epoch, Arc::new(Batch { partition: ONLY, entries })));
    };
    hint(epoch, 1..=2);
    hint(epoch, 1..=2);
    hint(epoch, 2..=5);
    hint(epoch, 4..=5);
    hint(Epoch(epoch.0 ^ 1), 6..=10);
    hint(epoch, 5..=7);
    hint(epoch, 9..=10);
    hint(epoch, 8..=8);
    let mut seen: Vec<Vec<u64>> = Vec::new();
    while let Some(Followed::Batch(batch)) = follower.ready() {
        seen.push(batch.entries.iter().map(|entry| entry.seq).collect());
    }
    assert_eq!(seen, [vec![2], vec![3, 4, 5], vec![6, 7]]);
    assert_eq!(next_batch(&mut follower).await.entries, entries[7..]);
    assert!(follower.ready().is_none());
}

/// An engine follows what it owns.
pub async fn some_partitions_can_be_followed_alone(fixture: &dyn Fixture) {
    let world = World::new(fixture, 4).await;
    let start = Cursor::start(world.log.heads().await.unwrap().epoch, 4);
    let samples: Vec<_> = (0..40).map(|n| sample(&format!("agent-{n}"), n, 0.3)).collect();
    world.log.append(samples[..20].to_vec()).await.unwrap();
    let mine = vec![Partition(1), Partition(3)];
    let mut follower = Follower::of_partitions(Arc::clone(&world.log), &*world.bus, start, mine.clone());
    world.log.append(samples[20..].to_vec()).await.unwrap();
    let heads = world.log.heads().await.unwrap();
    let count = mine.iter().map(|partition| heads.seq(*partition)).sum::<u64>();
    let seen = follow(&mut follower, count.try_into().unwrap()).await;
    assert!(count > 0 && seen[0].is_empty() && seen[2].is_empty());
    for partition in mine {
        assert_eq!(seen[usize::from(partition.0)], world.entries(partition).await);
    }
    assert_eq!((follower.cursor().seq(Partition(0)), follower.cursor().seq(Partition(2))), (0, 0));
}

/// `next` is used in `select!`, where it may be dropped at every turn: what the log was asked goes on all the same.
pub async fn an_abandoned_wait_loses_nothing(fixture: &dyn Fixture) {
    const SAMPLES: u64 = 200;
    let bus = Arc::new(LossyBus::new(fixture.bus(), 7, 30));
    let world = World::with_bus(fixture, 2, bus).await;
    let mut follower = world.follower().await;
    let log = Arc::clone(&world.log);
    let writing = tokio::spawn(async move {
        for n in 0..SAMPLES.cast_signed() {
            log.append(vec![sample(&format!("agent-{n}"), n, 0.3)]).await.unwrap();
        }
    });
    let mut seen = [0, 0];
    soon(async {
        while seen.iter().sum::<u64>() < SAMPLES {
            // Dropped after one poll nearly always, in the middle of a wait or a read.
            let followed = match follower.next().now_or_never() {
                Some(followed) => followed,
                None => tokio::time::timeout(Duration::from_millis(2), follower.next())
                    .await
                    .unwrap_or_else(|_| Err(LogError::Overloaded)),
            };
            match followed {
                Ok(Followed::Batch(batch)) => {
                    let place = &mut seen[usize::from(batch.partition.0)];
                    assert_eq!(batch.first(), *place + 1);
                    *place = batch.last();
                }
                Ok(Followed::Reset(cursor)) => panic!("unexpected reset to {cursor}"),
                Err(LogError::Overloaded) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
    })
    .await;
    writing.await.unwrap();
}

/// A log that fails now and then costs time, never an entry.
pub async fn after_an_error_it_goes_on_where_it_was(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    world.log.append((0..5).map(|n| sample("agent-7", n, 0.3)).collect()).await.unwrap();
    let flaky = Arc::new(FlakyLog::new(Arc::clone(&world.log)));
    let start = Cursor::start(world.log.heads().await.unwrap().epoch, 1);
    let mut follower = Follower::new(Arc::clone(&flaky) as _, &Script::default(), start);
    flaky.fail_heads(2);
    assert!(soon(follower.next()).await.is_err(), "the heads fail");
    assert!(soon(follower.next()).await.is_err(), "and again");
    flaky.fail_reads(1);
    assert!(soon(follower.next()).await.is_err(), "the read fails");
    assert_eq!(next_batch(&mut follower).await.entries, world.entries(ONLY).await);
}

/// A restored or replaced log voids the position; the follower goes on in the new one, or where it is sent.
pub async fn another_epoch_is_a_reset(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let heads = world.log.heads().await.unwrap();
    let elsewhere = Cursor::new(Epoch(heads.epoch.0 ^ 1), vec![70]);
    let mut follower = Follower::new(Arc::clone(&world.log), &*world.bus, elsewhere);
    let Followed::Reset(cursor) = soon(follower.next()).await.unwrap() else { panic!("expected a reset") };
    assert_eq!((&cursor, follower.cursor()), (&heads, &heads));
    world.accept(sample("agent-7", 1, 0.3)).await;
    assert_eq!(next_batch(&mut follower).await.first(), 1);
    follower.restart(heads);
    assert_eq!(next_batch(&mut follower).await.first(), 1);
}

/// The same epoch with fewer entries, as after a crash without durability, is a reset too; so are other partitions.
pub async fn a_log_that_lost_its_end_is_a_reset(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let heads = world.log.heads().await.unwrap();
    for impossible in [vec![0, 9], vec![0], vec![0, 0, 0]] {
        let cursor = Cursor::new(heads.epoch, impossible);
        let mut follower = Follower::new(Arc::clone(&world.log), &*world.bus, cursor);
        assert!(matches!(soon(follower.next()).await, Ok(Followed::Reset(cursor)) if cursor == heads));
    }
}

/// A reader that slept longer than entries are kept wakes up at the first that is left, or at the end.
pub async fn what_was_pruned_is_passed_over(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    world.log.append((0..10).map(|n| sample("agent-7", n, 0.3)).collect()).await.unwrap();
    world.clock.set(Timestamp::from_micros(START.as_micros() + 10));
    assert_eq!(world.log.prune(Duration::ZERO, 4).await.unwrap(), 4);
    let mut follower = world.follower().await;
    assert_eq!(next_batch(&mut follower).await.first(), 5);
    assert_eq!(world.log.prune(Duration::ZERO, 100).await.unwrap(), 6);
    let mut follower = world.follower().await;
    assert!(tokio::time::timeout(Duration::from_millis(50), follower.next()).await.is_err());
    world.accept(sample("agent-7", 11, 0.3)).await;
    assert_eq!(next_batch(&mut follower).await.first(), 11);
}

/// Follows until `count` more entries were seen.
async fn follow_on(follower: &mut Follower, count: usize) -> Vec<Entry> {
    let mut seen = Vec::new();
    while seen.len() < count {
        seen.extend(next_batch(follower).await.entries.iter().cloned());
    }
    seen
}

/// A bus that carries what the test lets it say, and counts as down.
#[derive(Clone, Default)]
struct Script {
    hints: Arc<Mutex<VecDeque<Hint>>>,
}

impl Script {
    fn say(&self, hint: Hint) {
        self.hints.lock().unwrap().push_back(hint);
    }
}

impl Bus for Script {
    fn publish(&self, _: Epoch, _: Arc<Batch>) {}

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(self.clone())
    }
}

#[async_trait::async_trait]
impl Subscription for Script {
    async fn next(&mut self) -> Hint {
        let hint = self.hints.lock().unwrap().pop_front();
        match hint {
            Some(hint) => hint,
            None => std::future::pending().await,
        }
    }

    fn state(&self) -> BusState {
        BusState::Polling
    }
}
