//! Events listed by their kinds.

use std::time::Duration;

use domain::{Event, Timestamp};

use super::Fixture;
use super::support::{ONLY, START, World, alert, alert_event, at, chorus, commit, levels, signal, subject, symbol};
use crate::{EngineCommit, EventFilter, Fence, LogError, Order, Partition, partition_of};

const ALL: EventFilter = EventFilter {
    kinds: Vec::new(),
    subject: None,
    from: None,
    until: None,
    step: None,
    order: Order::LatestFirst,
    after: None,
    limit: 100,
};

/// Writes events of so many seconds after the start, which are recorded a little later.
async fn write(world: &World<'_>, fence: Fence, seconds: i64, events: Vec<Event>) {
    world.clock.set(at(seconds).plus(Duration::from_millis(300)));
    let events = events.into_iter().map(|event| Event { at: at(seconds), ..event }).collect();
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
}

async fn ids(world: &World<'_>, filter: EventFilter) -> Vec<String> {
    world.log.events(filter).await.unwrap().into_iter().map(|event| event.id).collect()
}

/// Each filter alone and together; of those of the same time, the last comes first.
pub async fn events_are_filtered_and_latest_first(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    write(&world, fence, 1, vec![signal("1", "a"), levels("-", "a", 0.3), symbol("2", "a")]).await;
    write(&world, fence, 2, vec![symbol("3", "b"), alert_event(alert("-", "b", 1)), signal("4", "b")]).await;
    write(&world, fence, 3, vec![chorus("--", "a"), symbol("5", "a")]).await;
    world.restart().await;
    let listed = |kinds: &[&'static str], name: Option<&str>, from: Option<Timestamp>, until, limit| {
        let filter = EventFilter { kinds: kinds.to_vec(), subject: name.map(subject), from, until, limit, ..ALL };
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
    assert_eq!(whole, [Event { at: at(3), ..symbol("5", "a") }]);
    assert_eq!(listed(&["levels", "alert", "chorus"], None, None, None, 10).await, ["--", "-.Opened", "-"]);
}

/// Whichever way, page after page: none is left out, none comes twice, those of the same moment neither.
pub async fn events_are_read_page_by_page_in_both_orders(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    write(&world, fence, 1, vec![signal("1", "a"), symbol("2", "a")]).await;
    write(&world, fence, 2, vec![symbol("3", "b"), signal("4", "b"), symbol("5", "a"), signal("6", "a")]).await;
    for (order, expected) in
        [(Order::OldestFirst, ["1", "2", "3", "4", "5", "6"]), (Order::LatestFirst, ["6", "5", "4", "3", "2", "1"])]
    {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let filter = EventFilter { kinds: vec!["signal", "symbol"], order, after, limit: 2, ..ALL };
            let page = ids(&world, filter).await;
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            seen.extend(page);
        }
        assert_eq!(seen, expected);
    }
    let after = Some("nobody's".to_owned());
    let refused = world.log.events(EventFilter { kinds: vec!["signal"], after, ..ALL }).await.unwrap_err();
    assert!(matches!(refused, LogError::NoSuchEvent(_)), "{refused:?}");
}

/// Of those that are many the last within each step tells how it went on; steps in which nothing was told are left out.
pub async fn the_last_event_of_each_step_is_listed(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    for (seconds, id) in [(1, "before"), (2, "1"), (3, "2"), (6, "3"), (7, "4"), (14, "5"), (15, "after")] {
        write(&world, fence, seconds, vec![chorus(id, "a"), symbol(&format!("{id}s"), "a")]).await;
        write(&world, fence, seconds, vec![chorus(&format!("{id}b"), "b")]).await;
    }
    let step = Some(Duration::from_secs(4));
    let filter = EventFilter {
        kinds: vec!["chorus"],
        subject: Some(subject("a")),
        from: Some(at(2)),
        until: Some(at(15)),
        step,
        ..ALL
    };
    assert_eq!(ids(&world, filter.clone()).await, ["5", "4", "2"]);
    assert_eq!(ids(&world, EventFilter { order: Order::OldestFirst, limit: 2, ..filter.clone() }).await, ["2", "4"]);
    let both = EventFilter { kinds: vec!["chorus", "symbol"], ..filter.clone() };
    assert_eq!(ids(&world, both).await, ["5s", "5", "4s", "4", "2s", "2"]);
    assert_eq!(ids(&world, EventFilter { subject: Some(subject("nobody")), ..filter }).await, [""; 0]);
}

/// An engine that was away concludes late: what it says of an earlier moment is listed there.
pub async fn events_are_in_the_order_of_their_own_times(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    for (seconds, id) in [(5, "later"), (2, "earlier")] {
        let events = vec![Event { at: at(seconds), ..signal(id, "a") }];
        world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
    }
    let filter = EventFilter { kinds: vec!["signal"], ..ALL };
    assert_eq!(ids(&world, filter.clone()).await, ["later", "earlier"]);
    assert_eq!(ids(&world, EventFilter { until: Some(at(5)), ..filter }).await, ["earlier"]);
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
