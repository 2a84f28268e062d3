//! Events listed by their kinds.

use std::time::Duration;

use domain::{Event, Timestamp};

use super::Fixture;
use super::support::{ONLY, START, World, alert, alert_event, at, chorus, commit, levels, signal, subject, symbol};
use crate::{EngineCommit, EventFilter, Fence, LogError, Partition, partition_of};

const ALL: EventFilter = EventFilter { kinds: Vec::new(), subject: None, from: None, until: None, limit: 100 };

/// Writes events that are recorded so many seconds after the start.
async fn write(world: &World<'_>, fence: Fence, seconds: i64, events: Vec<Event>) {
    world.clock.set(at(seconds));
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
}

async fn ids(world: &World<'_>, filter: EventFilter) -> Vec<String> {
    world.log.events(filter).await.unwrap().into_iter().map(|event| event.id).collect()
}

/// Each filter alone and together; of those that were recorded at the same time, the last comes first.
pub async fn events_are_filtered_and_latest_first(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    write(&world, fence, 1, vec![signal("1", "a"), levels("-", "a", 0.3), symbol("2", "a")]).await;
    write(&world, fence, 2, vec![symbol("3", "b"), alert_event(alert("-", "b", 1)), signal("4", "b")]).await;
    write(&world, fence, 3, vec![chorus("--", "a"), symbol("5", "a")]).await;
    world.restart().await;
    let listed = |kinds: &[&'static str], name: Option<&str>, from: Option<Timestamp>, until, limit| {
        let filter = EventFilter { kinds: kinds.to_vec(), subject: name.map(subject), from, until, limit };
        ids(&world, filter)
    };
    assert_eq!(listed(&["signal", "symbol"], None, None, None, 10).await, ["5", "4", "3", "2", "1"]);
    assert_eq!(listed(&["symbol", "signal", "symbol"], None, None, None, 3).await, ["5", "4", "3"]);
    assert_eq!(listed(&["signal", "seam"], None, None, None, 10).await, ["4", "1"]);
    assert_eq!(listed(&["seam"], None, None, None, 10).await, [""; 0]);
    assert_eq!(listed(&[], None, None, None, 10).await, [""; 0]);
    assert_eq!(listed(&["symbol"], None, None, None, 0).await, [""; 0]);
    assert_eq!(listed(&["symbol"], Some("a"), None, None, 10).await, ["5", "2"]);
    assert_eq!(listed(&["signal", "symbol"], Some("b"), None, None, 1).await, ["4"]);
    assert_eq!(listed(&["symbol"], Some("nobody"), None, None, 10).await, [""; 0]);
    assert_eq!(listed(&["signal", "symbol"], None, Some(at(2)), Some(at(3)), 10).await, ["4", "3"]);
    assert_eq!(listed(&["symbol"], Some("a"), Some(at(2)), None, 10).await, ["5"]);
    assert_eq!(listed(&["symbol"], None, None, Some(at(2)), 10).await, ["2"]);
    let whole = world.log.events(EventFilter { kinds: vec!["symbol"], limit: 1, ..ALL }).await.unwrap();
    assert_eq!(whole, [symbol("5", "a")]);
}

/// Those of all partitions, by the time at which they were recorded.
pub async fn events_of_all_partitions_are_listed_together(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let fences = [world.log.claim(ONLY).await.unwrap(), world.log.claim(Partition(1)).await.unwrap()];
    let names: Vec<String> = (0..20).map(|n| format!("agent-{n}")).collect();
    let name_in = |partition| names.iter().find(|name| partition_of(&subject(name), 2) == partition).unwrap();
    for n in 0..6 {
        let fence = fences[n % 2];
        let event = signal(&n.to_string(), name_in(fence.partition));
        write(&world, fence, i64::try_from(n).unwrap(), vec![event]).await;
    }
    let filter = EventFilter { kinds: vec!["signal"], ..ALL };
    assert_eq!(ids(&world, filter).await, ["5", "4", "3", "2", "1", "0"]);
}

/// A kind of which no index is kept is refused, whatever else is asked for.
pub async fn kinds_that_are_not_listed_are_refused(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    for kind in ["levels", "alert", "chorus"] {
        let refused = world.log.events(EventFilter { kinds: vec!["seam", kind], ..ALL }).await.unwrap_err();
        let LogError::Store { source, .. } = refused else { panic!("expected a refusal: {refused:?}") };
        assert!(source.to_string().contains(kind), "{source}");
    }
}

/// What was pruned is listed no more.
pub async fn events_go_when_they_are_old(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    write(&world, fence, 1, vec![signal("old", "a"), symbol("old too", "a")]).await;
    write(&world, fence, 100, vec![signal("young", "a")]).await;
    world.clock.set(at(3_650));
    assert_eq!(world.log.prune(Duration::from_secs(3_600), 100).await.unwrap(), 2);
    assert_eq!(ids(&world, EventFilter { kinds: vec!["signal", "symbol"], ..ALL }).await, ["young"]);
}
