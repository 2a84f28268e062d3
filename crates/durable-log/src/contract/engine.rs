//! What an engine concludes, and its right to say so.

use std::sync::Arc;

use super::Fixture;
use super::support::{ONLY, START, World, alert, alert_event, at, commit, levels, presence, sample, subject};
use crate::{Body, EngineCommit, EngineState, Fence, LogError, Outcome, Partition, partition_of};

/// A paused owner that wakes up writes nothing.
pub async fn a_new_owner_takes_the_partition_away(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let old = world.log.claim(ONLY).await.unwrap();
    let other = world.log.claim(Partition(1)).await.unwrap();
    let new = world.log.claim(ONLY).await.unwrap();
    assert!(new.token > old.token);
    let refused = world.log.commit(commit(old, 0, START)).await.unwrap_err();
    let LogError::Fenced { partition: 0, held, current } = refused else { panic!("expected a fence: {refused:?}") };
    assert_eq!((held, current), (old.token, new.token));
    world.log.commit(commit(new, 0, START)).await.unwrap();
    world.log.commit(commit(other, 0, START)).await.unwrap();
}

/// Fences only ever rise.
pub async fn a_restart_does_not_give_a_fence_twice(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let old = world.log.claim(ONLY).await.unwrap();
    world.restart().await;
    let new = world.log.claim(ONLY).await.unwrap();
    assert!(new.token > old.token);
    assert!(matches!(world.log.commit(commit(old, 0, START)).await, Err(LogError::Fenced { .. })));
}

/// Time may speak only when there is nothing left to read.
pub async fn a_tick_that_has_not_seen_everything_is_refused(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    world.accept(sample("agent-7", 1, 0.3)).await;
    let tick = |through| EngineCommit {
        is_tick: true,
        events: vec![levels("tick", "agent-7", 0.3)],
        ..commit(fence, through, at(60))
    };
    let refused = world.log.commit(tick(0)).await.unwrap_err();
    assert!(matches!(refused, LogError::Behind { partition: 0, through: 0 }), "{refused:?}");
    assert_eq!(world.log.engine_state(ONLY).await.unwrap(), EngineState::default());
    assert_eq!(world.log.commit(tick(1)).await.unwrap(), 2);
}

/// A replay, which sees only the entries, comes to the same conclusions.
pub async fn after_a_tick_nothing_is_recorded_before_it(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    world.clock.set(at(10));
    world.accept(sample("agent-7", 1, 0.3)).await;
    let events = vec![levels("tick", "agent-7", 0.3)];
    world.log.commit(EngineCommit { is_tick: true, events, ..commit(fence, 1, at(60)) }).await.unwrap();
    world.clock.set(at(11));
    world.accept(sample("agent-7", 2, 0.3)).await;
    // A silent tick counts as well, over a restart too; what is no tick does not.
    world.log.commit(commit(fence, 3, at(500))).await.unwrap();
    world.log.commit(EngineCommit { is_tick: true, ..commit(fence, 3, at(90)) }).await.unwrap();
    world.restart().await;
    world.accept(sample("agent-7", 3, 0.3)).await;
    let recorded: Vec<_> = world.entries(ONLY).await.iter().map(|entry| entry.recorded).collect();
    assert_eq!(recorded, [at(10), at(60), at(60), at(90)]);
}

/// A commit that is sent again after its outcome was unknown doubles nothing.
pub async fn an_event_is_written_once_by_its_id(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    world.accept(sample("agent-7", 1, 0.9)).await;
    let first = EngineCommit { events: vec![levels("a", "agent-7", 0.9)], ..commit(fence, 1, START) };
    let both = EngineCommit {
        events: vec![levels("a", "agent-7", 0.9), levels("b", "agent-7", 0.8), levels("b", "agent-7", 0.8)],
        ..commit(fence, 2, START)
    };
    world.log.commit(first.clone()).await.unwrap();
    world.log.commit(first).await.unwrap();
    world.restart().await;
    world.log.commit(both).await.unwrap();
    let entries = world.entries(ONLY).await;
    let bodies: Vec<_> = entries[1..].iter().map(|entry| entry.body.clone()).collect();
    let expected = [levels("a", "agent-7", 0.9), levels("b", "agent-7", 0.8)];
    assert_eq!(bodies, expected.map(|event| Body::Event(Box::new(event))));
}

/// All of it or nothing: no event, no state, no verdict, no presence, no alert, not even a name.
pub async fn a_refused_commit_leaves_nothing(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let old = world.log.claim(ONLY).await.unwrap();
    let fence = world.log.claim(ONLY).await.unwrap();
    world.accept(sample("agent-7", 1, 0.9)).await;
    let before = world.log.snapshot().await.unwrap();
    let full = |fence, through, is_tick| EngineCommit {
        is_tick,
        events: vec![levels("a", "newcomer", 0.9), alert_event(alert("0-1.pain", "newcomer", 1))],
        subjects: vec![(subject("newcomer"), "{}".into())],
        presences: vec![(subject("agent-7"), presence("CRISIS_MODE"))],
        ..commit(fence, through, at(60))
    };
    assert!(world.log.commit(full(old, 1, false)).await.is_err());
    assert!(world.log.commit(full(fence, 0, true)).await.is_err());
    assert_eq!(world.log.snapshot().await.unwrap(), before);
    assert_eq!(world.log.engine_state(ONLY).await.unwrap(), EngineState::default());
    assert_eq!(world.log.alert("0-1.pain").await.unwrap(), None);
    assert_eq!(world.accept(sample("agent-7", 2, 0.9)).await, (ONLY, 2));
    assert_eq!(world.entries(ONLY).await[1].recorded, START);
}

/// Requests that share a transaction do not share their failures.
pub async fn a_refused_commit_harms_no_other_request(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let old = world.log.claim(ONLY).await.unwrap();
    world.log.claim(ONLY).await.unwrap();
    let calls: Vec<_> = (0..30)
        .map(|n| {
            let log = Arc::clone(&world.log);
            tokio::spawn(async move {
                if n % 3 == 0 {
                    let events = vec![levels(&format!("event-{n}"), "agent-7", 0.3)];
                    log.commit(EngineCommit { events, ..commit(old, 0, START) }).await.is_err()
                } else {
                    let outcomes = log.append(vec![sample("agent-7", n, 0.3)]).await.unwrap().outcomes;
                    matches!(outcomes[..], [Outcome::Accepted { .. }])
                }
            })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    let entries = world.entries(ONLY).await;
    assert_eq!(entries.len(), 20);
    assert!(entries.iter().all(|entry| matches!(entry.body, Body::Sample(_))));
}

/// The answer is where the engine reads on.
pub async fn the_answer_leads_past_its_own_events_only_when_nothing_came_between(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    world.accept(sample("agent-7", 1, 0.9)).await;
    let with =
        |id: &str, through| EngineCommit { events: vec![levels(id, "agent-7", 0.9)], ..commit(fence, through, START) };
    assert_eq!(world.log.commit(with("a", 1)).await.unwrap(), 2);
    assert_eq!(world.log.engine_state(ONLY).await.unwrap().through, 2);
    world.accept(sample("agent-7", 2, 0.9)).await;
    assert_eq!(world.log.commit(with("b", 2)).await.unwrap(), 2);
    assert_eq!(world.log.engine_state(ONLY).await.unwrap().through, 2);
    assert_eq!(world.log.heads().await.unwrap().seq(ONLY), 4);
}

/// An engine that restarts continues where the last commit left it.
pub async fn the_state_is_that_of_the_last_commit(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 2).await;
    let names: Vec<String> = (0..20).map(|n| format!("agent-{n}")).collect();
    let here: Vec<_> = names.iter().map(|name| subject(name)).filter(|s| partition_of(s, 2) == ONLY).take(3).collect();
    let fence = world.log.claim(ONLY).await.unwrap();
    let state = |n: usize, state: &str| (here[n].clone(), state.to_string());
    let first = vec![state(0, "old"), state(1, r#"{"value":0.30000000000000004}"#)];
    world.log.commit(EngineCommit { subjects: first, ..commit(fence, 0, at(5)) }).await.unwrap();
    let second = vec![state(0, "new \"quoted\" Боль"), state(2, "[]")];
    world.log.commit(EngineCommit { subjects: second, ..commit(fence, 0, at(6)) }).await.unwrap();
    world.restart().await;
    let mut found = world.log.engine_state(ONLY).await.unwrap();
    found.subjects.sort();
    let mut expected =
        vec![state(0, "new \"quoted\" Боль"), state(1, r#"{"value":0.30000000000000004}"#), state(2, "[]")];
    expected.sort();
    let (now, saved_now) = (at(6), at(6));
    assert_eq!(found, EngineState { now, saved_now, subjects: expected, ..EngineState::default() });
    assert_eq!(world.log.engine_state(Partition(1)).await.unwrap(), EngineState::default());
    let one = world.log.subject_state(&here[1]).await.unwrap();
    assert_eq!(one, Some((at(6), state(1, r#"{"value":0.30000000000000004}"#).1)), "the clock is the partition's");
    assert_eq!(world.log.subject_state(&subject("nobody")).await.unwrap(), None);
    world.accept(sample("only-measured", 1, 0.3)).await;
    assert_eq!(world.log.subject_state(&subject("only-measured")).await.unwrap(), None);
}

/// What an engine saves only of those of whom it tells leaves the others as they were when it last saved all.
pub async fn who_goes_on_reads_again_what_came_since_all_was_saved(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    for n in 1..=4 {
        world.accept(sample("agent-7", n, 0.3)).await;
    }
    let save = |name: &str, what: &str| vec![(subject(name), what.to_owned())];
    let commits = [
        EngineCommit { subjects: save("a", "1"), ..commit(fence, 1, at(1)) },
        EngineCommit { subjects: save("b", "2"), saves_all: false, ..commit(fence, 2, at(2)) },
        EngineCommit { subjects: save("a", "3"), saves_all: false, ..commit(fence, 3, at(3)) },
    ];
    for commit in commits {
        world.log.commit(commit).await.unwrap();
    }
    // What others write in the meantime is nothing that the engine has saved.
    world.accept(sample("agent-7", 5, 0.3)).await;
    world.restart().await;
    let subjects = [save("a", "3"), save("b", "2")].concat();
    let expected = EngineState { through: 3, now: at(3), saved_through: 1, saved_now: at(1), subjects };
    assert_eq!(world.log.engine_state(ONLY).await.unwrap(), expected);
    let told = world.log.subject_state(&subject("a")).await.unwrap();
    assert_eq!(told, Some((at(1), "3".to_owned())), "what was saved is known to hold until then");
    assert_eq!(world.log.subject_states(1).await.unwrap(), [(subject("a"), at(1), "3".to_owned())]);
    world.log.commit(commit(fence, 4, at(4))).await.unwrap();
    let state = world.log.engine_state(ONLY).await.unwrap();
    assert_eq!((state.saved_through, state.saved_now, state.through), (4, at(4), 4));
}

/// What was saved of all subjects lies together by name, whatever their partitions.
pub async fn the_states_of_all_subjects_are_told_by_name(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let mut names: Vec<String> = (0..9).map(|n| format!("agent-{n}")).chain(["Ядро".to_owned()]).collect();
    for (partition, seconds) in [(ONLY, 5), (Partition(1), 6)] {
        let here = names.iter().map(|name| subject(name)).filter(|name| partition_of(name, 2) == partition);
        let subjects: Vec<_> = here.rev().map(|name| (name.clone(), format!("\"{name}\""))).collect();
        assert!(!subjects.is_empty(), "a partition without subjects tests nothing");
        let fence = world.log.claim(partition).await.unwrap();
        world.log.commit(EngineCommit { subjects, ..commit(fence, 0, at(seconds)) }).await.unwrap();
    }
    world.accept(sample("Agent-only-measured", 1, 0.3)).await;
    names.sort();
    let expected: Vec<_> = names
        .iter()
        .map(|name| {
            let seconds = if partition_of(&subject(name), 2) == ONLY { 5 } else { 6 };
            (subject(name), at(seconds), format!("\"{name}\""))
        })
        .collect();
    assert_eq!(world.log.subject_states(100).await.unwrap(), expected);
    assert_eq!(world.log.subject_states(3).await.unwrap(), expected[..3]);
    assert_eq!(world.log.subject_states(0).await.unwrap(), []);
}

/// A mistaken engine cannot spoil the log.
pub async fn a_commit_about_a_foreign_or_future_entry_is_refused(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    assert!(world.log.commit(commit(fence, 7, START)).await.is_err());
    let names: Vec<String> = (0..20).map(|n| format!("agent-{n}")).collect();
    let foreign = names.iter().find(|name| partition_of(&subject(name), 2) != ONLY).unwrap();
    let events = vec![levels("a", foreign, 0.3)];
    assert!(world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.is_err());
    let presences = vec![(subject(foreign), presence("BALANCED"))];
    assert!(world.log.commit(EngineCommit { presences, ..commit(fence, 0, START) }).await.is_err());
    assert!(world.log.commit(commit(Fence { partition: Partition(9), token: 1 }, 0, START)).await.is_err());
    assert!(world.log.claim(Partition(9)).await.is_err());
    assert!(world.log.snapshot().await.unwrap().subjects.is_empty());
}
