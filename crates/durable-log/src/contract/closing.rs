//! The end of a log's life, and the next.

use std::sync::Arc;
use std::time::Duration;

use super::Fixture;
use super::support::{ONLY, World, commit, sample, soon, subject};
use crate::{AlertFilter, Fence, LogError, Member, Outcome, SamplesQuery};

/// Closing writes what it was given before; what comes too late is refused, never half taken.
pub async fn what_was_queued_before_the_close_is_answered_and_there(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let calls: Vec<_> = (0..50)
        .map(|n| {
            let log = Arc::clone(&world.log);
            tokio::spawn(async move { log.append(vec![sample("agent-7", n, 0.3)]).await })
        })
        .collect();
    tokio::task::yield_now().await;
    world.restart().await;
    let mut acknowledged = 0;
    for call in calls {
        match soon(call).await.unwrap() {
            Ok(appended) => {
                assert!(matches!(appended.outcomes[..], [Outcome::Accepted { .. }]));
                acknowledged += 1;
            }
            Err(LogError::Closed) => {}
            Err(other) => panic!("accepted or closed: {other:?}"),
        }
    }
    assert_eq!(world.entries(ONLY).await.len(), acknowledged);
}

/// Every method of a closed log answers [`LogError::Closed`], and a second close is harmless.
pub async fn a_closed_log_says_so(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let log = &world.log;
    world.accept(sample("agent-7", 1, 0.3)).await;
    soon(log.close()).await;
    soon(log.close()).await;
    fn assert_closed<T: std::fmt::Debug>(answer: &Result<T, LogError>) {
        assert!(matches!(answer, Err(LogError::Closed)), "{answer:?}");
    }
    let filter = AlertFilter { limit: 1, ..AlertFilter::default() };
    assert_closed(&log.append(vec![sample("agent-7", 2, 0.3)]).await);
    let command = domain::Command::Acknowledge { alert: String::new(), by: String::new(), note: String::new() };
    assert_closed(&log.append_command(subject("agent-7"), command).await);
    assert_closed(&log.claim(ONLY).await);
    assert_closed(&log.commit(commit(Fence { partition: ONLY, token: 1 }, 0, super::support::START)).await);
    assert_closed(&log.prune(Duration::ZERO, 1).await);
    assert_closed(&log.share(Member(1), Duration::ZERO).await);
    assert_closed(&log.leave(Member(1)).await);
    assert_closed(&log.heads().await);
    assert_closed(&log.read(ONLY, 0, 1).await);
    assert_closed(&log.snapshot().await);
    let (from, until) = (super::support::at(0), super::support::at(10));
    let query = SamplesQuery { subject: subject("agent-7"), from, until, after: 0, limit: 1 };
    assert_closed(&log.samples(query).await);
    assert_closed(&log.alerts(filter).await);
    assert_closed(&log.alert("x").await);
    assert_closed(&log.engine_state(ONLY).await);
}

/// A restart is not a new life.
pub async fn the_epoch_and_the_partitions_stay_over_a_restart(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 3).await;
    let heads = world.log.heads().await.unwrap();
    world.restart().await;
    assert_eq!(world.log.heads().await.unwrap(), heads);
    world.log.close().await;
    let log = fixture.open(5, world.clock.clock(), Arc::clone(&world.bus)).await;
    assert_eq!((log.partitions(), log.heads().await.unwrap()), (3, heads));
}

/// A new log can be told from any other.
pub async fn another_log_has_another_epoch(fixture: &dyn Fixture) {
    let another = fixture.another();
    let (one, other) = (World::new(fixture, 1).await, World::new(&*another, 1).await);
    assert_ne!(one.log.heads().await.unwrap().epoch, other.log.heads().await.unwrap().epoch);
}
