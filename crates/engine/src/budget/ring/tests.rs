use proptest::prelude::*;

use super::*;

/// A span of a minute in buckets of five seconds.
const SPAN: Duration = Duration::from_secs(60);
const BUCKET: i64 = 5_000_000;

/// What happens one after the other: nothing bad, something bad, or nothing measured; and for how many microseconds.
fn story() -> impl Strategy<Value = Vec<(Option<bool>, i64)>> {
    let what = prop_oneof![2 => Just(None), 2 => Just(Some(true)), 1 => Just(Some(false))];
    let long = prop_oneof![6 => 0..3_000_000i64, 3 => Just(BUCKET), 1 => 0..200_000_000i64];
    prop::collection::vec((what, long), 1..60)
}

fn overlap(from: i64, to: i64, begins: i64) -> i64 {
    (to - from.max(begins)).max(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_ring_measures_what_happened_within_its_span(story in story(), looks in 1..10usize) {
        let mut ring = Ring::new(SPAN, OF_BURN, Timestamp::default());
        let from = Timestamp::from_micros(1_000_000_000_000_003);
        let (mut at, mut spoilt) = (from.as_micros(), Vec::new());
        for (index, (what, long)) in story.into_iter().enumerate() {
            if let Some(is_bad) = what {
                let kind = if is_bad { Spoilt::Bad } else { Spoilt::Blind };
                ring.spoil(Vital::Trust, kind, at, at + long);
                spoilt.push((is_bad, at, at + long));
            }
            at += long;
            if index % looks == 0 {
                ring.forget(Timestamp::from_micros(at));
                ring = serde_json::from_str(&serde_json::to_string(&ring).unwrap()).unwrap();
            }
            let begins = (at.div_euclid(BUCKET) * BUCKET - 12 * BUCKET).max(from.as_micros());
            let sum = |is_bad: bool| {
                let alike = spoilt.iter().filter(|(bad, ..)| *bad == is_bad);
                alike.map(|(_, from, to)| overlap(*from, *to, begins)).sum::<i64>()
            };
            let measured = ring.measured(Vital::Trust, from, Timestamp::from_micros(at));
            prop_assert_eq!(measured.bad, sum(true));
            prop_assert_eq!(measured.good, at - begins - sum(true) - sum(false));
            // What happens between two looks may begin, go on for some buckets, and end.
            prop_assert!(ring.runs[Vital::Trust.index()].len() <= 14 + 3 * looks, "{:?}", ring.runs);
        }
        prop_assert!(!ring.has_bad(Vital::Pain));
    }
}

#[test]
fn buckets_that_are_alike_take_the_place_of_one() {
    let mut ring = Ring::new(SPAN, OF_BURN, Timestamp::default());
    ring.spoil(Vital::Pain, Spoilt::Bad, 0, 10 * BUCKET + 1);
    assert_eq!(serde_json::to_string(&ring.runs[Vital::Pain.index()]).unwrap(), "[[0,10,5000000,0],[10,1,1,0]]");
}

#[test]
fn a_bucket_is_never_narrower_than_a_second() {
    let ring = Ring::new(Duration::from_millis(9_900), OF_BURN, Timestamp::default());
    assert_eq!((ring.width, ring.buckets), (1_000_000, 9));
    let ring = Ring::new(Duration::from_millis(10), OF_BURN, Timestamp::default());
    assert_eq!((ring.width, ring.buckets), (1_000_000, 1));
}
