//! How everything was at a moment.

use std::time::Duration;

use domain::{Acknowledgement, Alert, AlertChange, Event, EventBody, Presence, ToneNow};

use super::Fixture;
use super::support::{
    ONLY, START, World, alert, alert_event, at, chorus, commit, levels, presence, resolved, sample, subject, text,
    verdict,
};
use crate::{EngineCommit, Fence, Past, PastQuery, SubjectNow};

async fn write(world: &World<'_>, fence: Fence, events: Vec<Event>) {
    world.log.commit(EngineCommit { events, ..commit(fence, 0, START) }).await.unwrap();
}

async fn past(world: &World<'_>, seconds: i64) -> Past {
    world.log.past(PastQuery { subject: None, at: at(seconds), limit: 10 }).await.unwrap()
}

fn tone(seconds: i64, name: &str, tone: &str) -> Event {
    let tone = ToneNow { tone: tone.into(), voice: None, since: at(seconds) };
    let body = EventBody::Tone { from: "neutral".into(), tone, reason: text("because") };
    Event { id: format!("{seconds}.{name}.tone"), subject: subject(name), at: at(seconds), body }
}

fn level(seconds: i64, name: &str, pain: f64) -> Event {
    Event { at: at(seconds), ..levels(&format!("{seconds}.{name}"), name, pain) }
}

/// What is of the very moment belongs to it; what came later does not, and who came later was not there.
pub async fn everything_is_told_as_it_was(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let samples = [sample("a", 10, 0.1), sample("a", 20, 0.2), sample("b", 15, 0.5), sample("a", 12, 0.12)];
    for sample in samples.clone() {
        world.accept(sample).await;
    }
    let fence = world.log.claim(ONLY).await.unwrap();
    let events = vec![
        level(10, "a", 0.1),
        tone(11, "a", "creative"),
        Event { at: at(12), ..chorus("12", "a") },
        level(15, "b", 0.5),
        level(20, "a", 0.2),
        tone(20, "a", "recovery"),
    ];
    write(&world, fence, events).await;
    world.restart().await;

    let nothing = |name: &str| SubjectNow::unknown(subject(name));
    assert_eq!(past(&world, 9).await, Past::default());
    let first = SubjectNow { latest: Some(samples[0].clone()), verdict: Some(verdict(0.1)), ..nothing("a") };
    assert_eq!(past(&world, 10).await.subjects, [first]);
    let with_tone = |seconds, name: &str| {
        let tone = Some(ToneNow { tone: name.into(), voice: None, since: at(seconds) });
        Presence { tone, chorus: Some(domain::Chorus::default()), ..Presence::default() }
    };
    let a = |latest: usize, pain, presence| SubjectNow {
        latest: Some(samples[latest].clone()),
        verdict: Some(verdict(pain)),
        presence,
        ..nothing("a")
    };
    assert_eq!(past(&world, 14).await.subjects, [a(3, 0.1, with_tone(11, "creative"))]);
    let b = SubjectNow { latest: Some(samples[2].clone()), verdict: Some(verdict(0.5)), ..nothing("b") };
    assert_eq!(past(&world, 19).await.subjects, [a(3, 0.1, with_tone(11, "creative")), b.clone()]);
    let now = world.log.snapshot().await.unwrap().subjects;
    assert_eq!(past(&world, 20).await.subjects, [a(1, 0.2, with_tone(20, "recovery")), b]);
    assert_eq!(past(&world, 1_000).await.subjects.len(), now.len());
}

/// What was pruned and never changed since is known from the present; what changed since is not known.
pub async fn what_was_told_before_anything_that_is_left_still_holds(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let presences = vec![(subject("steady"), presence("BALANCED"))];
    let events = vec![level(1, "steady", 0.3), level(1, "changing", 0.3)];
    world.log.commit(EngineCommit { events, presences, ..commit(fence, 0, START) }).await.unwrap();
    world.clock.set(at(5_000));
    write(&world, fence, vec![level(5_000, "changing", 0.4)]).await;
    world.clock.set(at(5_010));
    assert_eq!(world.log.prune(Duration::from_secs(3_600), 100).await.unwrap(), 2);

    let (verdict, presence) = (Some(verdict(0.3)), presence("BALANCED"));
    let steady = SubjectNow { verdict, presence, ..SubjectNow::unknown(subject("steady")) };
    assert_eq!(past(&world, 4_999).await.subjects, [steady]);
    assert_eq!(past(&world, 5_000).await.subjects.len(), 2);
}

/// The filter and the limit.
pub async fn of_one_subject_or_of_the_first_by_name(fixture: &dyn Fixture) {
    let world = World::new(fixture, 3).await;
    for name in ["c", "a", "b"] {
        world.accept(sample(name, 1, 0.3)).await;
    }
    for (only, limit, expected, truncated) in [
        (None, 10, vec!["a", "b", "c"], false),
        (None, 3, vec!["a", "b", "c"], false),
        (None, 2, vec!["a", "b"], true),
        (Some("c"), 1, vec!["c"], false),
        (Some("nobody"), 2, vec![], false),
    ] {
        let query = PastQuery { subject: only.map(subject), at: at(1), limit };
        let past = world.log.past(query).await.unwrap();
        assert_eq!(past.subjects.iter().map(|now| now.subject.as_str()).collect::<Vec<_>>(), expected);
        assert_eq!(past.truncated, truncated, "{only:?} {limit}");
    }
}

/// Those that fired at the moment, with what was known of each by then.
pub async fn alerts_are_told_as_they_were(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let fence = world.log.claim(ONLY).await.unwrap();
    let acknowledged = Alert {
        acknowledged: Some(Acknowledgement { by: "Ann".into(), at: at(30), note: "\u{0} on it".into() }),
        ..alert("1", "a", 10)
    };
    let acknowledging = Event {
        id: "1.acknowledged".into(),
        subject: subject("a"),
        at: at(30),
        body: EventBody::Alert { change: AlertChange::Acknowledged, alert: Box::new(acknowledged.clone()) },
    };
    let ended = Alert { acknowledged: acknowledged.acknowledged.clone(), ..resolved("1", "a", 10, 40) };
    let stories = [
        alert_event(alert("1", "a", 10)),
        alert_event(alert("2", "b", 20)),
        alert_event(alert("3", "a", 25)),
        acknowledging,
        alert_event(ended),
    ];
    write(&world, fence, stories.to_vec()).await;
    let firing = async |seconds, name: Option<&str>| {
        let query = PastQuery { subject: name.map(subject), at: at(seconds), limit: 10 };
        world.log.past(query).await.unwrap().alerts
    };
    assert_eq!(firing(9, None).await, []);
    assert_eq!(firing(29, None).await, [alert("3", "a", 25), alert("2", "b", 20), alert("1", "a", 10)]);
    assert_eq!(firing(30, Some("a")).await, [alert("3", "a", 25), acknowledged]);
    assert_eq!(firing(40, None).await, [alert("3", "a", 25), alert("2", "b", 20)]);
    assert_eq!(firing(40, Some("b")).await, [alert("2", "b", 20)]);
}
