//! What is old goes.

use std::time::Duration;

use super::Fixture;
use super::support::{ONLY, START, World, alert, alert_event, at, commit, levels, resolved, sample};
use crate::{EngineCommit, HistoryQuery, Outcome, Partition, SamplesQuery};

const HOUR: Duration = Duration::from_secs(3_600);

/// Pruning takes the oldest of a partition first, whatever their kind, so that the rest is a log without a hole.
pub async fn old_entries_go_bite_by_bite_and_leave_no_hole(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 2).await;
    let samples: Vec<_> = (0..100).map(|n| sample(&format!("agent-{}", n % 10), n, 0.3)).collect();
    for part in samples.chunks(10) {
        world.log.append(part.to_vec()).await.unwrap();
    }
    let heads = world.log.heads().await.unwrap();
    world.clock.set(at(3_601));
    assert_eq!(world.log.prune(HOUR, 30).await.unwrap(), 30);
    for partition in [ONLY, Partition(1)] {
        let left: Vec<u64> = world.entries(partition).await.iter().map(|entry| entry.seq).collect();
        assert_eq!(left, (heads.seq(partition) + 1 - left.len() as u64..=heads.seq(partition)).collect::<Vec<_>>());
        assert_eq!(left.len() as u64, heads.seq(partition) - 15, "both have their share");
    }
    assert_eq!(world.log.prune(HOUR, 50).await.unwrap(), 50);
    assert_eq!(world.log.prune(HOUR, 50).await.unwrap(), 20);
    assert_eq!(world.log.prune(HOUR, 50).await.unwrap(), 0);
    for partition in [ONLY, Partition(1)] {
        assert!(world.entries(partition).await.is_empty());
    }
    // Numbers are never given again.
    world.restart().await;
    assert_eq!(world.log.heads().await.unwrap(), heads);
    let (partition, seq) = world.accept(sample("agent-0", 3_601, 0.3)).await;
    assert_eq!(seq, heads.seq(partition) + 1);
}

/// Nothing young goes and no alert that fires; of what is old nothing stays behind.
pub async fn what_is_young_or_fires_stays(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let old = sample("agent-7", 0, 0.3);
    world.accept(old.clone()).await;
    let stories =
        [alert("fires", "agent-7", 1), resolved("ended", "agent-7", 1, 2), resolved("late", "agent-7", 1, 100)];
    let mut events: Vec<_> = stories.into_iter().map(alert_event).collect();
    events.push(levels("level", "agent-7", 0.3));
    world.log.commit(EngineCommit { events, ..commit(fence, 1, START) }).await.unwrap();
    world.clock.set(at(50));
    world.accept(sample("agent-7", 50, 0.5)).await;
    world.clock.set(at(3_610));
    assert_eq!(world.log.prune(HOUR, 1_000).await.unwrap(), 5);
    let left: Vec<u64> = world.entries(ONLY).await.iter().map(|entry| entry.seq).collect();
    assert_eq!(left, [6]);
    assert!(world.log.alert("ended").await.unwrap().is_none());
    assert!(world.log.alert("fires").await.unwrap().is_some());
    assert!(world.log.alert("late").await.unwrap().is_some());
    let all = HistoryQuery { subject: old.subject.clone(), from: at(-9), to: at(9), step: None, limit: 9 };
    assert!(world.log.history(all).await.unwrap().samples.is_empty());
    let all = SamplesQuery { subject: old.subject, from: at(-9), until: at(99), after: 0, limit: 9 };
    let left = world.log.samples(all).await.unwrap();
    assert_eq!(left.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [6]);
    let snapshot = world.log.snapshot().await.unwrap();
    assert_eq!(snapshot.subjects[0].latest, Some(sample("agent-7", 50, 0.5)));
    assert!(snapshot.subjects[0].verdict.is_some(), "what the engine says now is not the past");
    let again = world.log.append(vec![sample("agent-7", 50, 0.5)]).await.unwrap().outcomes;
    assert_eq!(again, [Outcome::Duplicate]);
}
