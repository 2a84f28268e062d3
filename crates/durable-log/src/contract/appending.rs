//! Samples and commands go in.

use std::sync::Arc;

use domain::{Command, Score, SignalValue, Vital};

use super::Fixture;
use super::support::{ONLY, World, at, follow, sample, sample_of, soon, subject};
use crate::{Body, Outcome, Partition};

/// An answer means that it is on disk.
pub async fn what_is_acknowledged_is_there_after_a_restart(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 3).await;
    let mut places = Vec::new();
    for n in 0..20 {
        let sample = sample(&format!("agent-{n}"), n, 0.3);
        places.push((world.accept(sample.clone()).await, sample));
    }
    let heads = world.log.heads().await.unwrap();
    world.restart().await;
    assert_eq!(world.log.heads().await.unwrap(), heads);
    for ((partition, seq), sample) in places {
        let entries = world.log.read(partition, seq - 1, 1).await.unwrap();
        assert_eq!((entries[0].seq, sample_of(&entries[0])), (seq, &sample));
    }
}

/// Numbers are 1, 2, 3, … in each partition, however many write, and a live follower sees every one.
pub async fn numbers_have_no_gap_under_sixteen_writers(fixture: &dyn Fixture) {
    const WRITERS: i64 = 16;
    const CALLS: i64 = 20;
    const SAMPLES: i64 = 5;
    let world = World::new(fixture, 4).await;
    let mut follower = world.follower().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let log = Arc::clone(&world.log);
        writers.spawn(async move {
            let mut places = Vec::new();
            for call in 0..CALLS {
                let name = |n| format!("agent-{}", (writer + n) % 7);
                let samples = (0..SAMPLES).map(|n| sample(&name(n), writer * 1_000 + call * 10 + n, 0.5));
                places.extend(log.append(samples.collect()).await.unwrap().outcomes);
            }
            places
        });
    }
    let total = usize::try_from(WRITERS * CALLS * SAMPLES).unwrap();
    let seen = follow(&mut follower, total).await;
    let mut told: Vec<(Partition, u64)> = writers.join_all().await.into_iter().flatten().map(place).collect();
    told.sort_unstable();
    for (partition, entries) in (0..).map(Partition).zip(&seen) {
        let numbers: Vec<u64> = told.iter().filter(|(p, _)| *p == partition).map(|(_, seq)| *seq).collect();
        assert_eq!(numbers, (1..=entries.len() as u64).collect::<Vec<_>>(), "partition {partition}");
        assert_eq!(entries, &world.entries(partition).await);
    }
}

fn place(outcome: Outcome) -> (Partition, u64) {
    match outcome {
        Outcome::Accepted { partition, seq } => (partition, seq),
        other => panic!("expected an accepted sample: {other:?}"),
    }
}

/// Sending again is harmless, also after a restart.
pub async fn the_same_sample_again_is_a_duplicate(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let mut sample = sample("agent-7", 1, 0.3);
    sample.signals.insert("drift".into(), SignalValue::Number(0.1 + 0.2));
    world.accept(sample.clone()).await;
    assert_eq!(world.log.append(vec![sample.clone()]).await.unwrap().outcomes, [Outcome::Duplicate]);
    world.restart().await;
    assert_eq!(world.log.append(vec![sample]).await.unwrap().outcomes, [Outcome::Duplicate]);
    assert_eq!(world.entries(ONLY).await.len(), 1);
}

/// The first sample under a key stays; a different one is told, whatever differs.
pub async fn another_sample_under_the_same_key_is_a_conflict(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let first = sample("agent-7", 1, 0.3);
    world.accept(first.clone()).await;
    let mut one_digit = first.clone();
    one_digit.vitals.set(Vital::Pain, Score::new(0.3_f64.next_up()));
    let mut one_more = first.clone();
    one_more.vitals.set(Vital::Trust, Score::new(0.3));
    let mut signal = first.clone();
    signal.signals.insert("calm".into(), SignalValue::Flag(true));
    let outcomes = world.log.append(vec![one_digit, one_more, signal]).await.unwrap().outcomes;
    assert_eq!(outcomes, [Outcome::Conflict; 3]);
    let entries = world.entries(ONLY).await;
    assert_eq!(entries.iter().map(sample_of).collect::<Vec<_>>(), [&first]);
}

/// The rule for keys holds within one call as well.
pub async fn keys_repeated_within_one_call_are_told_apart(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let samples = vec![sample("a", 1, 0.3), sample("a", 1, 0.3), sample("a", 1, 0.4), sample("b", 1, 0.4)];
    let accepted = |seq| Outcome::Accepted { partition: ONLY, seq };
    let outcomes = world.log.append(samples).await.unwrap().outcomes;
    assert_eq!(outcomes, [accepted(1), Outcome::Duplicate, Outcome::Conflict, accepted(2)]);
}

/// Concurrent callers under one key, whether they share a transaction or not.
pub async fn of_rivals_for_one_key_exactly_one_is_stored(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    for round in 0..20 {
        let rivals = (0..8).map(|n| {
            let log = Arc::clone(&world.log);
            tokio::spawn(async move { log.append(vec![sample("a", round, f64::from(n / 2) / 10.0)]).await })
        });
        let rivals: Vec<_> = rivals.collect();
        let mut counts = [0; 3];
        for rival in rivals {
            match rival.await.unwrap().unwrap().outcomes[..] {
                [Outcome::Accepted { .. }] => counts[0] += 1,
                [Outcome::Duplicate] => counts[1] += 1,
                [Outcome::Conflict] => counts[2] += 1,
                ref other => panic!("one sample, one outcome: {other:?}"),
            }
        }
        assert_eq!(counts, [1, 1, 6], "accepted, duplicate, conflict");
    }
    assert_eq!(world.entries(ONLY).await.len(), 20);
}

/// What is judged again in a replay is what was judged.
pub async fn awkward_numbers_and_signals_survive_exactly(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let mut numbers = vec![0.0, 1.0, 0.1, 0.1 + 0.2, 1.0 / 3.0, 5e-324, f64::MIN_POSITIVE, 1.306_625_513_355_323e-304];
    numbers.extend([
        1.0_f64.next_down(),
        f64::EPSILON,
        0.7,
        0.049_999_999_999_999_996,
        1e-10,
        0.123_456_789_012_345_68,
    ]);
    // Pseudo-random bits below those of 1.0: every magnitude there is.
    numbers.extend(
        (1..200_u64).map(|n| f64::from_bits(n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_mul(n) % 1.0_f64.to_bits())),
    );
    let samples: Vec<_> = (0..)
        .zip(&numbers)
        .map(|(n, number)| {
            let mut sample = sample("agent-7", n, *number);
            sample.vitals.set(Vital::Clarity, Score::new(1.0 - number));
            sample.signals.insert("number".into(), SignalValue::Number(*number * -1e15));
            sample.signals.insert("flag".into(), SignalValue::Flag(n % 2 == 0));
            sample
        })
        .collect();
    world.log.append(samples.clone()).await.unwrap();
    world.restart().await;
    for (entry, sample) in world.entries(ONLY).await.iter().zip(&samples) {
        assert_eq!(sample_of(entry), sample);
    }
    let again = world.log.append(samples).await.unwrap().outcomes;
    assert!(again.iter().all(|outcome| *outcome == Outcome::Duplicate), "{again:?}");
}

/// Readers may rely on the order of times.
pub async fn the_time_of_recording_never_goes_back(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let mut seqs = Vec::new();
    for (n, now) in [10, 20, 5, 15, 30].into_iter().enumerate() {
        world.clock.set(at(now));
        seqs.push(world.accept(sample("agent-7", n.try_into().unwrap(), 0.3)).await.1);
        if n == 2 {
            world.restart().await;
        }
    }
    assert_eq!(seqs, [1, 2, 3, 4, 5]);
    let recorded: Vec<_> = world.entries(ONLY).await.iter().map(|entry| entry.recorded).collect();
    assert_eq!(recorded, [at(10), at(20), at(20), at(20), at(30)]);
}

/// A dropped future leaves its sample stored or not, and all others answered.
pub async fn a_caller_that_goes_away_harms_no_other(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    let mut stayed = Vec::new();
    for n in 0..40 {
        let log = Arc::clone(&world.log);
        let call = tokio::spawn(async move { log.append(vec![sample("agent-7", n, 0.3)]).await });
        if n % 2 == 0 {
            call.abort();
        } else {
            stayed.push((n, call));
        }
    }
    for (n, call) in stayed {
        let outcomes = soon(call).await.unwrap().unwrap().outcomes;
        assert!(matches!(outcomes[..], [Outcome::Accepted { .. }]), "{n}: {outcomes:?}");
    }
    let entries = world.entries(ONLY).await;
    assert!((0..).map(|n| n + 1).zip(&entries).all(|(seq, entry)| entry.seq == seq));
    let there = |n| entries.iter().any(|entry| sample_of(entry).at == at(n));
    assert!((0..40).filter(|n| n % 2 == 1).all(there));
}

/// Commands share the numbers of the samples, and are seen at the same place by every reader.
pub async fn a_command_is_an_entry_like_any_other(fixture: &dyn Fixture) {
    let mut world = World::new(fixture, 1).await;
    let command = Command::Acknowledge { alert: "0-1.pain".into(), by: "Ann".into(), note: "on it \"now\"".into() };
    world.accept(sample("agent-7", 1, 0.9)).await;
    assert_eq!(world.log.append_command(subject("agent-7"), command.clone()).await.unwrap(), 2);
    world.accept(sample("agent-7", 2, 0.8)).await;
    world.restart().await;
    let entries = world.entries(ONLY).await;
    assert_eq!(entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(entries[1].body, Body::Command(subject("agent-7"), command));
}

/// Nothing in, nothing written.
pub async fn an_empty_call_writes_nothing(fixture: &dyn Fixture) {
    let world = World::new(fixture, 1).await;
    assert_eq!(world.log.append(Vec::new()).await.unwrap().outcomes, []);
    assert_eq!(world.log.heads().await.unwrap().seq(ONLY), 0);
}

/// Larger than any one statement or transaction is likely to be.
pub async fn many_samples_in_one_call_are_all_stored(fixture: &dyn Fixture) {
    let world = World::new(fixture, 2).await;
    let samples: Vec<_> = (0..12_345).map(|n| sample(&format!("agent-{}", n % 100), n, 0.3)).collect();
    let outcomes = world.log.append(samples.clone()).await.unwrap().outcomes;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    let heads = world.log.heads().await.unwrap();
    assert_eq!(heads.seq(Partition(0)) + heads.seq(Partition(1)), 12_345);
    let again = world.log.append(samples).await.unwrap().outcomes;
    assert!(again.iter().all(|outcome| *outcome == Outcome::Duplicate));
}
