use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::{Summing, align, measured};

/// Samples of some hours around 1970, each with some of the vitals, no two at the same time.
fn samples() -> impl Strategy<Value = BTreeMap<i64, [Option<f64>; 4]>> {
    let values = proptest::array::uniform4(proptest::option::of(0.0..=1.0));
    proptest::collection::btree_map(-20_000_000_000_i64..20_000_000_000, values, 0..200)
}

fn runs(samples: impl Iterator<Item = (i64, [Option<f64>; 4])>) -> BTreeMap<RunKey, Run> {
    let mut summing = Summing::default();
    for (at, values) in samples {
        let at = Timestamp::from_micros(at);
        summing.add(7, at, measured(values, at));
    }
    summing.into_runs()
}

/// Sums may differ in their last bit: their order is free.
fn assert_same(found: &[(Timestamp, Sums)], expected: &[(Timestamp, Sums)]) {
    let exact = |buckets: &[(Timestamp, Sums)]| -> Vec<_> {
        buckets.iter().map(|(at, sums)| (*at, sums.map(|sum| sum.map(|sum| Sum { sum: 0.0, ..sum })))).collect()
    };
    assert_eq!(exact(found), exact(expected));
    let sums = |buckets: &[(Timestamp, Sums)]| -> Vec<f64> {
        buckets.iter().flat_map(|(_, sums)| sums.iter().flatten().map(|sum| sum.sum)).collect()
    };
    for (found, expected) in sums(found).into_iter().zip(sums(expected)) {
        assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
    }
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written_and_fits_a_quarter_of_a_page(samples in samples()) {
        for (key, run) in runs(samples.into_iter()) {
            let bytes = run.write(key);
            prop_assert!(bytes.len() <= 1_950, "{} bytes", bytes.len());
            let read = read_run(key.grain, key.begins, &bytes).unwrap();
            prop_assert_eq!(Run(read), run);
            for length in 0..bytes.len() {
                // Between two buckets it only ends earlier.
                if let Ok(read) = read_run(key.grain, key.begins, &bytes[..length]) {
                    prop_assert!(read.len() < 12);
                }
            }
        }
    }

    #[test]
    fn it_does_not_matter_in_which_order_and_how_many_at_a_time_samples_come(
        samples in samples(), cut in any::<prop::sample::Index>(),
    ) {
        let expected = runs(samples.clone().into_iter());
        let samples: Vec<_> = samples.into_iter().rev().collect();
        let (first, second) = samples.split_at(if samples.is_empty() { 0 } else { cut.index(samples.len()) });
        let mut stored = runs(first.iter().copied());
        for (key, later) in runs(second.iter().copied()) {
            let run = stored.entry(key).or_default();
            read_run(key.grain, key.begins, &later.write(key)).unwrap().into_iter().for_each(|(at, sums)| run.add(at, sums));
        }
        prop_assert_eq!(stored.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (key, run) in expected {
            assert_same(&stored[&key].0, &run.0);
        }
    }

    #[test]
    fn every_grain_counts_every_sample_in_its_bucket(samples in samples()) {
        let runs = runs(samples.clone().into_iter());
        for grain in Grain::SUMMARIES {
            let mut counts = BTreeMap::<(i64, usize), u64>::new();
            for (at, values) in &samples {
                let bucket = align(Timestamp::from_micros(*at), grain.width()).as_micros();
                for vital in Vital::ALL.iter().filter(|vital| values[vital.index()].is_some()) {
                    *counts.entry((bucket, vital.index())).or_default() += 1;
                }
            }
            let of_grain = runs.iter().filter(|(key, _)| key.grain == grain);
            let buckets = of_grain.flat_map(|(key, run)| run.0.iter().map(|(at, sums)| (key.begins, *at, sums)));
            for (begins, at, sums) in buckets {
                prop_assert!(at >= begins && at < begins.plus(grain.run()));
                for (vital, sum) in sums.iter().enumerate() {
                    prop_assert_eq!(sum.map(|sum| sum.count), counts.remove(&(at.as_micros(), vital)));
                }
            }
            prop_assert!(counts.is_empty(), "{:?}", counts);
        }
    }
}

#[test]
fn bytes_of_a_later_version_and_no_bytes_are_told_apart() {
    let begins = Timestamp::from_micros(0);
    assert_eq!(read_run(Grain::Minute, begins, &[]), Err(Unreadable::CutOff));
    assert_eq!(read_run(Grain::Minute, begins, &[2, 0, 0]), Err(Unreadable::Version(2)));
    assert_eq!(read_run(Grain::Minute, begins, &[1, 3, 1, 0]), Err(Unreadable::CutOff));
    assert_eq!(Grain::Hour.run(), Duration::from_hours(12));
}

/// A run of one bucket, with one vital that was measured `count` times.
fn one_bucket(place: u8, vitals: u8, count: u32) -> Vec<u8> {
    let mut bytes = vec![VERSION, place, vitals];
    bytes.extend(0_u32.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend([0.5_f64; 4].iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// What is read can be written, with new samples or without.
#[test]
fn bytes_that_no_samples_add_up_to_are_refused() {
    let begins = Timestamp::from_micros(0);
    let most = 60_000_000;
    for (place, vitals, count) in [(12, 8, 2), (255, 8, 2), (1, 16, 2), (1, 0x88, 2), (1, 8, 0), (1, 8, most + 1)] {
        let read = read_run(Grain::Minute, begins, &one_bucket(place, vitals, count));
        assert_eq!(read, Err(Unreadable::Nonsense), "place {place}, vitals {vitals}, count {count}");
    }
    assert_eq!(read_run(Grain::Hour, begins, &one_bucket(1, 8, u32::MAX)), Err(Unreadable::Nonsense));
    let mut run = Run(read_run(Grain::Minute, begins, &one_bucket(11, 8, most)).unwrap());
    let at = begins.plus(Grain::Minute.width() * 11);
    run.add(at, measured([Some(0.5); 4], at));
    let key = RunKey { subject_id: 7, grain: Grain::Minute, begins };
    assert_eq!(run.write(key)[..3], [VERSION, 11, 15]);
}

/// There may be some hundred thousand at a time.
#[test]
fn a_run_takes_as_much_room_as_its_buckets() {
    let at = Timestamp::from_micros(0);
    let mut run = Run::default();
    for bucket in [0, 2, 1] {
        let at = at.plus(Grain::Minute.width() * bucket);
        run.add(at, measured([Some(0.5); 4], at));
    }
    assert_eq!(run.0.capacity(), 3);
    assert!(run.0.is_sorted_by_key(|(at, _)| *at));
}
