//! Reading: entries, snapshots, alerts.

use std::collections::BTreeMap;

use domain::{AlertState, Timestamp};

use super::Fixture;
use super::support::{
    ONLY, START, World, alert, alert_event, at, commit, follow, levels, presence, resolved, sample, sample_of, subject,
    verdict,
};
use crate::{AlertFilter, Body, EngineCommit, Follower, Partition, SubjectNow};

/// Numbers rise, kinds are mixed, and the limit holds.
pub async fn entries_are_read_in_order_within_a_limit(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    for n in 0..5 {
        world.accept(sample("agent-7", n, 0.3)).await;
        let events = vec![levels(&format!("event-{n}"), "agent-7", 0.3)];
        world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
    }
    let numbers = |after, limit| {
        let log = &world.log;
        async move { log.read(ONLY, after, limit).await.unwrap().iter().map(|entry| entry.seq).collect::<Vec<_>>() }
    };
    assert_eq!(numbers(0, 100).await, (1..=10).collect::<Vec<_>>());
    assert_eq!(numbers(3, 4).await, [4, 5, 6, 7]);
    assert_eq!(numbers(10, 4).await, [0; 0]);
    assert_eq!(numbers(0, 0).await, [0; 0]);
    assert_eq!(numbers(u64::MAX, 4).await, [0; 0]);
    assert!(world.log.read(Partition(9), 0, 4).await.unwrap().is_empty());
    let kinds = world.entries(ONLY).await.into_iter().map(|entry| matches!(entry.body, Body::Event(_)));
    assert_eq!(kinds.collect::<Vec<_>>(), [false, true].repeat(5));
}

/// The log tells how much of the disk it takes.
pub async fn the_size_grows_with_what_is_stored(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let before = world.log.size_bytes().await.unwrap();
    assert!(before > 0);
    for batch in 0..4 {
        let samples = (0..2_000).map(|n| sample("agent-7", batch * 2_000 + n, 0.3)).collect();
        world.log.append(samples).await.unwrap();
    }
    assert!(world.log.size_bytes().await.unwrap() > before);
}

/// The sample with the latest time, not the one that came last; and what the engine last said of it.
pub async fn a_snapshot_holds_the_latest_sample_and_verdict(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    for sample in [sample("b", 5, 0.5), sample("b", 3, 0.3), sample("a", 1, 0.1)] {
        world.accept(sample).await;
    }
    let events = vec![levels("1", "b", 0.3), levels("2", "b", 0.5), levels("3", "only-judged", 0.1)];
    world.log.commit(EngineCommit { events, ..commit(fence, 3, START) }).await.unwrap();
    let events = vec![alert_event(alert("1", "b", 1)), alert_event(alert("2", "b", 2))];
    let presences = vec![(subject("b"), presence("BALANCED")), (subject("only-present"), presence("UNKNOWN"))];
    world.log.commit(EngineCommit { events, presences, ..commit(fence, 6, START) }).await.unwrap();
    let events = vec![alert_event(resolved("1", "b", 1, 9))];
    let presences = vec![(subject("b"), presence("CRISIS_MODE"))];
    world.log.commit(EngineCommit { events, presences, ..commit(fence, 8, START) }).await.unwrap();
    world.restart().await;
    let snapshot = world.log.snapshot().await.unwrap();
    let now = |name| SubjectNow::unknown(subject(name));
    let expected = [
        SubjectNow { latest: Some(sample("a", 1, 0.1)), ..now("a") },
        SubjectNow {
            latest: Some(sample("b", 5, 0.5)),
            verdict: Some(verdict(0.5)),
            presence: presence("CRISIS_MODE"),
            ..now("b")
        },
        SubjectNow { verdict: Some(verdict(0.1)), ..now("only-judged") },
        SubjectNow { presence: presence("UNKNOWN"), ..now("only-present") },
    ];
    assert_eq!(snapshot.subjects, expected);
    assert_eq!(snapshot.alerts, [alert("2", "b", 2)]);
    assert_eq!(snapshot.cursor, world.log.heads().await.unwrap());
}

/// A snapshot taken while others write, and the entries after its cursor, lead to the snapshot at the end.
pub async fn a_snapshot_and_what_follows_make_the_next_snapshot(fixture: &dyn Fixture) {
    const SAMPLES: i64 = 300;
    let world = World::new(fixture, 2).await;
    let log = std::sync::Arc::clone(&world.log);
    let writing = tokio::spawn(async move {
        for n in 0..SAMPLES {
            log.append(vec![sample(&format!("agent-{}", n % 5), n, 0.3)]).await.unwrap();
        }
    });
    let mut snapshots = Vec::new();
    while !writing.is_finished() {
        snapshots.push(world.log.snapshot().await.unwrap());
    }
    writing.await.unwrap();
    let end = world.log.snapshot().await.unwrap();
    let latest_of = |subjects: &[SubjectNow]| -> BTreeMap<_, _> {
        subjects.iter().filter_map(|now| Some((now.subject.clone(), now.latest.clone()?))).collect()
    };
    for snapshot in snapshots.iter().step_by(snapshots.len().div_ceil(20)) {
        let mut latest = latest_of(&snapshot.subjects);
        let missing = end.cursor.distance_from(&snapshot.cursor).unwrap();
        let mut follower = Follower::new(std::sync::Arc::clone(&world.log), &*world.bus, snapshot.cursor.clone());
        for entry in follow(&mut follower, missing.try_into().unwrap()).await.iter().flatten() {
            let sample = sample_of(entry);
            assert!(latest.get(&sample.subject).is_none_or(|there| there.at < sample.at), "seen twice");
            latest.insert(sample.subject.clone(), sample.clone());
        }
        assert_eq!(latest, latest_of(&end.subjects));
        assert_eq!(follower.cursor(), &end.cursor);
    }
}

/// Each filter alone and together.
pub async fn alerts_are_filtered_and_latest_first(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let stories = [alert("1", "a", 1), resolved("2", "a", 2, 20), resolved("3", "b", 3, 30), alert("4", "b", 4)];
    let events = stories.into_iter().map(alert_event).collect();
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
    let ids = |state: Option<AlertState>, name: Option<&str>, ended_since: Option<Timestamp>, limit| {
        let filter = AlertFilter { state, subject: name.map(subject), ended_since, limit, ..AlertFilter::default() };
        let log = &world.log;
        async move { log.alerts(filter).await.unwrap().into_iter().map(|alert| alert.id).collect::<Vec<_>>() }
    };
    assert_eq!(ids(None, None, None, 10).await, ["4", "3", "2", "1"]);
    assert_eq!(ids(None, None, None, 2).await, ["4", "3"]);
    assert_eq!(ids(Some(AlertState::Firing), None, None, 10).await, ["4", "1"]);
    assert_eq!(ids(Some(AlertState::Resolved), Some("a"), None, 10).await, ["2"]);
    assert_eq!(ids(None, Some("b"), None, 10).await, ["4", "3"]);
    assert_eq!(ids(None, Some("nobody"), None, 10).await, [""; 0]);
    assert_eq!(ids(None, None, Some(at(30)), 10).await, ["4", "3", "1"]);
    assert_eq!(ids(None, None, Some(at(31)), 10).await, ["4", "1"]);
    let span = |from, to| AlertFilter {
        ended_since: Some(at(from)),
        opened_until: Some(at(to)),
        limit: 10,
        ..AlertFilter::default()
    };
    for (from, to, expected) in [(0, 0, vec![]), (0, 1, vec!["1"]), (20, 2, vec!["2", "1"]), (21, 3, vec!["3", "1"])] {
        let found = world.log.alerts(span(from, to)).await.unwrap();
        assert_eq!(found.iter().map(|alert| alert.id.as_str()).collect::<Vec<_>>(), expected, "{from} to {to}");
    }
}

/// However many there are, those that opened at the same moment too: none is left out, none comes twice.
pub async fn alerts_are_read_page_by_page(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let stories =
        [alert("1", "a", 1), alert("2", "a", 2), alert("3", "b", 2), resolved("4", "b", 2, 9), alert("5", "b", 2)];
    let events = stories.into_iter().map(alert_event).collect();
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let state = Some(AlertState::Firing);
        let filter = AlertFilter { state, after: after.take(), limit: 2, ..AlertFilter::default() };
        let page = world.log.alerts(filter).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.opened_at, last.id.clone()));
        pages.push(page.iter().map(|alert| alert.id.clone()).collect::<Vec<_>>());
    }
    assert_eq!(pages, [["5", "3"], ["2", "1"]]);
}

/// The whole alert as the last event about it said.
pub async fn an_alert_tells_its_last_change(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let opened = EngineCommit { events: vec![alert_event(alert("x", "a", 1))], ..commit(fence, 0, START) };
    world.log.commit(opened).await.unwrap();
    assert_eq!(world.log.alert("x").await.unwrap(), Some(alert("x", "a", 1)));
    let ended = EngineCommit { events: vec![alert_event(resolved("x", "a", 1, 9))], ..commit(fence, 1, START) };
    world.log.commit(ended).await.unwrap();
    world.restart().await;
    assert_eq!(world.log.alert("x").await.unwrap(), Some(resolved("x", "a", 1, 9)));
    assert_eq!(world.log.alert("y").await.unwrap(), None);
}
