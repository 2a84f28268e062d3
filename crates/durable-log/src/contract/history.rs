//! The past of one subject.

use std::time::Duration;

use domain::{Score, SignalValue, Timestamp, Vital};

use super::Fixture;
use super::support::{World, at, sample, subject};
use crate::{Bucket, History, HistoryQuery, Resolution};

fn query(from: Timestamp, to: Timestamp, step: Option<u64>, limit: u32) -> HistoryQuery {
    HistoryQuery { subject: subject("agent-7"), from, to, step: step.map(Duration::from_secs), limit }
}

/// `from` belongs to it, `to` does not; the order is that of the samples' times.
pub async fn raw_samples_are_in_order_between_their_bounds(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let mut middle = sample("agent-7", 20, 0.2);
    middle.signals.insert("drift".into(), SignalValue::Number(0.1));
    let samples = [sample("agent-7", 30, 0.3), sample("agent-7", 10, 0.1), middle.clone(), sample("other", 15, 0.9)];
    world.log.append(samples.to_vec()).await.unwrap();
    let history = world.log.history(query(at(10), at(30), None, 100)).await.unwrap();
    let samples = vec![sample("agent-7", 10, 0.1), middle];
    assert_eq!(history, History { resolution: Resolution::Raw, samples, points: Vec::new(), truncated: false });
}

/// A spike cannot hide in a bucket, and each vital counts for itself.
pub async fn buckets_keep_extremes_mean_last_and_count(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let mut only_trust = sample("agent-7", 4, 0.0);
    only_trust.vitals.set(Vital::Pain, None);
    only_trust.vitals.set(Vital::Trust, Score::new(0.25));
    let samples = vec![
        sample("agent-7", 3, 0.5),
        sample("agent-7", 1, 0.25),
        sample("agent-7", 2, 1.0),
        only_trust,
        sample("agent-7", 10, 0.125),
        sample("agent-7", 30, 0.75),
    ];
    world.log.append(samples).await.unwrap();
    let history = world.log.history(query(at(0), at(30), Some(10), 100)).await.unwrap();
    assert_eq!((history.resolution, history.truncated), (Resolution::Buckets, false));
    assert_eq!(history.points.iter().map(|point| point.at).collect::<Vec<_>>(), [at(0), at(10)]);
    let first = &history.points[0];
    let pain = Bucket { min: 0.25, max: 1.0, avg: 1.75 / 3.0, last: 0.5, count: 3 };
    assert_eq!(first.get(Vital::Pain), Some(&pain));
    assert_eq!(first.get(Vital::Trust), Some(&Bucket { min: 0.25, max: 0.25, avg: 0.25, last: 0.25, count: 1 }));
    assert_eq!(first.get(Vital::Clarity), None);
    assert_eq!(history.points[1].get(Vital::Pain).unwrap().count, 1);
    // A bound within a bucket cuts its samples, not its start.
    let part = world.log.history(query(at(2), at(3), Some(10), 100)).await.unwrap();
    let pain = Bucket { min: 1.0, max: 1.0, avg: 1.0, last: 1.0, count: 1 };
    assert_eq!((part.points[0].at, part.points[0].get(Vital::Pain)), (at(0), Some(&pain)));
}

/// Buckets begin at multiples of the step, however far back.
pub async fn buckets_are_aligned_before_and_after_1970(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let seconds = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
    let moments = [-21, -20, -11, -10, -1, 0, 9, 10];
    let samples = moments.map(|moment| {
        let mut sample = sample("agent-7", 0, 0.5);
        sample.at = seconds(moment);
        sample
    });
    world.log.append(samples.to_vec()).await.unwrap();
    let history = world.log.history(query(seconds(-100), seconds(100), Some(10), 100)).await.unwrap();
    let counts = history.points.iter().map(|point| (point.at, point.get(Vital::Pain).unwrap().count));
    let expected = [(-30, 1), (-20, 2), (-10, 2), (0, 2), (10, 1)].map(|(at, count)| (seconds(at), count));
    assert_eq!(counts.collect::<Vec<_>>(), expected);
}

/// The oldest come; the answer says that there are more.
pub async fn a_limit_cuts_off_the_end_and_says_so(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    world.log.append((0..10).map(|n| sample("agent-7", n * 10, 0.5)).collect()).await.unwrap();
    let raw = |limit| world.log.history(query(at(0), at(1_000), None, limit));
    let few = raw(3).await.unwrap();
    assert_eq!(few.samples.iter().map(|sample| sample.at).collect::<Vec<_>>(), [at(0), at(10), at(20)]);
    assert!(few.truncated);
    assert!(!raw(10).await.unwrap().truncated);
    let buckets = |limit| world.log.history(query(at(0), at(1_000), Some(20), limit));
    let few = buckets(4).await.unwrap();
    assert_eq!(few.points.iter().map(|point| point.at).collect::<Vec<_>>(), [at(0), at(20), at(40), at(60)]);
    assert!(few.truncated);
    assert!(!buckets(5).await.unwrap().truncated);
}

/// Some stores know no time before 4714 BC.
pub async fn a_question_may_reach_back_as_far_as_times_do(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    world.accept(sample("agent-7", 0, 0.5)).await;
    for from in ["-009999-01-03T00:00:00Z", "-004713-11-23T23:59:59Z", "-004713-11-24T00:00:00Z"] {
        for step in [None, Some(10)] {
            let history = world.log.history(query(from.parse().unwrap(), at(100), step, 10)).await.unwrap();
            assert_eq!(history.samples.len() + history.points.len(), 1, "from {from}, step {step:?}");
        }
    }
}

/// No subject, or nothing in between: an empty answer, not an error.
pub async fn an_unknown_subject_has_no_history(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    for step in [None, Some(10)] {
        let history = world.log.history(query(at(0), at(100), step, 10)).await.unwrap();
        assert!(history.samples.is_empty() && history.points.is_empty() && !history.truncated);
    }
}
