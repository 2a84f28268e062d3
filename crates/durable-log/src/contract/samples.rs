//! The samples of one subject as an engine saw them.

use domain::{SignalValue, Timestamp};

use super::Fixture;
use super::support::{World, at, sample, subject};
use crate::{SampleEntry, SamplesQuery};

fn query(from: Timestamp, until: Timestamp, after: u64, limit: u32) -> SamplesQuery {
    SamplesQuery { subject: subject("agent-7"), from, until, after, limit }
}

/// In the order of their numbers, whenever they were measured; each with its number, its times and its signals.
pub async fn samples_are_in_the_order_in_which_they_came(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 2).await;
    let mut measured = Vec::new();
    for (n, seconds) in [50, 10, 90_000, 20, 40, 30].into_iter().enumerate() {
        let mut new = sample("agent-7", seconds, 0.1 + 0.2);
        if seconds % 20 == 0 {
            new.signals.insert("drift".into(), SignalValue::Number(0.1));
            new.signals.insert("is_calm".into(), SignalValue::Flag(true));
        }
        world.clock.set(at(100 * i64::try_from(n).unwrap()));
        world.log.append(vec![sample("agent-8", seconds, 0.9)]).await.unwrap();
        let (_, seq) = world.accept(new.clone()).await;
        measured.push(SampleEntry { seq, recorded: world.log.now(), sample: new });
    }
    world.restart().await;
    let read = |from, until, after, limit| {
        let log = &world.log;
        async move { log.samples(query(from, until, after, limit)).await.unwrap() }
    };
    let (first, last) = (at(-1_000_000), at(1_000_000));
    assert_eq!(read(first, last, 0, 100).await, measured);
    assert_eq!(read(first, last, 0, 2).await, measured[..2]);
    assert_eq!(read(first, last, measured[1].seq, 3).await, measured[2..5]);
    assert_eq!(read(first, last, measured[5].seq, 3).await, []);
    assert_eq!(read(first, last, u64::MAX, 3).await, []);
    assert_eq!(read(first, last, 0, 0).await, []);
    let within = [0, 3, 5].map(|index: usize| measured[index].clone());
    assert_eq!(read(at(20), at(51), 0, 100).await, [&within[..2], &measured[4..5], &within[2..]].concat());
    assert_eq!(read(at(20), at(50), 0, 1).await, measured[3..4]);
    let nobody = SamplesQuery { subject: subject("nobody"), ..query(first, last, 0, 100) };
    assert_eq!(world.log.samples(nobody).await.unwrap(), []);
}

/// Page by page everything comes once.
pub async fn pages_of_samples_follow_each_other(fixture: &dyn Fixture) {
    const SAMPLES: i64 = 1_000;
    let world = World::new(fixture, 1).await;
    // Late by up to a minute, as if from a queue that mixes them.
    let seconds: Vec<i64> = (0..SAMPLES).map(|n| n + n * 37 % 60 * 1_000).collect();
    world.log.append(seconds.iter().map(|seconds| sample("agent-7", *seconds, 0.5)).collect()).await.unwrap();
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let page = world.log.samples(query(at(0), at(1_000_000), after, 300)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.seq;
        found.extend(page);
    }
    assert_eq!(found.iter().map(|entry| entry.seq).collect::<Vec<_>>(), (1..=1_000).collect::<Vec<_>>());
    let times = found.iter().map(|entry| entry.sample.at);
    assert_eq!(times.collect::<Vec<_>>(), seconds.into_iter().map(at).collect::<Vec<_>>());
}
