//! Summaries of the past change nothing but the time that an answer takes.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Sample, Score, Timestamp, Vital};

use super::Fixture;
use super::support::{World, at, sample, subject};
use crate::{Bucket, HistoryPoint, HistoryQuery};

/// Widths that fit all summaries, some of them, or none.
const STEPS: [u64; 6] = [7, 10, 50, 60, 1_800, 7_200];

/// Samples over some hours, in no order, each with some of the vitals.
fn samples(count: u32, seed: u64) -> Vec<Sample> {
    let mut state = seed;
    let mut draw = |below: u64| {
        // A linear congruence is random enough to scatter, and the same in every run.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut drawn = BTreeMap::new();
    while drawn.len() < count as usize {
        let mut new = sample("agent-7", i64::try_from(draw(20_000)).unwrap(), 0.0);
        for vital in Vital::ALL {
            let score = Score::clamped(draw(1_001) as f64 / 1_000.0);
            new.vitals.set(vital, (draw(4) > 0).then_some(score));
        }
        new.vitals.set(Vital::Pain, Some(Score::clamped(draw(1_001) as f64 / 1_000.0)));
        drawn.insert((draw(1_000), new.at), new);
    }
    let mut times = std::collections::HashSet::new();
    drawn.into_values().filter(|sample| times.insert(sample.at)).collect()
}

/// What history must say: computed from all the samples.
fn expected(samples: &[Sample], from: Timestamp, to: Timestamp, step: u64) -> Vec<(Timestamp, [Option<Bucket>; 4])> {
    let step = i64::try_from(step).unwrap() * 1_000_000;
    let mut buckets: BTreeMap<i64, Vec<&Sample>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| (from..to).contains(&sample.at)) {
        buckets.entry(sample.at.as_micros().div_euclid(step) * step).or_default().push(sample);
    }
    let of = |samples: &mut Vec<&Sample>, vital: Vital| {
        samples.sort_by_key(|sample| sample.at);
        let values: Vec<f64> = samples.iter().filter_map(|sample| sample.vitals.get(vital).map(Score::get)).collect();
        values.last().map(|last| Bucket {
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            avg: values.iter().sum::<f64>() / values.len() as f64,
            last: *last,
            count: values.len() as u64,
        })
    };
    buckets
        .into_iter()
        .map(|(at, mut samples)| (Timestamp::from_micros(at), Vital::ALL.map(|vital| of(&mut samples, vital))))
        .collect()
}

fn assert_same(found: &[HistoryPoint], expected: &[(Timestamp, [Option<Bucket>; 4])], what: &str) {
    let times = |points: &[HistoryPoint]| points.iter().map(|point| point.at).collect::<Vec<_>>();
    assert_eq!(times(found), expected.iter().map(|(at, _)| *at).collect::<Vec<_>>(), "{what}");
    for (point, (at, buckets)) in found.iter().zip(expected) {
        for (found, expected) in point.vitals.iter().zip(buckets) {
            // The order of a sum is free.
            let is_close = found.zip(*expected).is_none_or(|(a, b)| (a.avg - b.avg).abs() < 1e-12);
            let exact = |bucket: &Option<Bucket>| bucket.map(|bucket| Bucket { avg: 0.0, ..bucket });
            assert!(is_close && exact(found) == exact(expected), "{what} at {at}: {found:?}, expected {expected:?}");
        }
    }
}

/// However much of it is summed up, and whatever comes late: history says what the samples say.
pub async fn history_is_the_same_however_much_is_summed_up(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let mut stored = Vec::new();
    for (round, part) in samples(600, 7).chunks(150).enumerate() {
        world.log.append(part.to_vec()).await.unwrap();
        stored.extend_from_slice(part);
        if round != 2 {
            while world.log.roll_up().await.unwrap() {}
        }
        for step in STEPS {
            for (from, to) in [(at(0), at(20_000)), (at(1_234), at(15_011))] {
                let query = HistoryQuery {
                    subject: subject("agent-7"),
                    from,
                    to,
                    step: Some(Duration::from_secs(step)),
                    limit: 10_000,
                };
                let found = world.log.history(query).await.unwrap();
                let expected = expected(&stored, from, to, step);
                assert_same(&found.points, &expected, &format!("round {round}, step {step} from {from}"));
            }
        }
    }
    assert!(!world.log.roll_up().await.unwrap(), "there is an end to it");
}

/// What comes meanwhile is for the next time: else whoever sums up would never rest.
pub async fn summing_up_comes_to_rest_while_samples_come(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let mut is_at_rest = false;
    for n in 0..10 {
        world.accept(sample("agent-7", n, 0.5)).await;
        is_at_rest |= !world.log.roll_up().await.unwrap();
    }
    assert!(is_at_rest, "there was more to do each time");
}
