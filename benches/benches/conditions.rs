//! What it costs to ask a condition once. As the limit beside it: the same comparisons written in Rust.

use std::hint::black_box;

use conditions::{Condition, Kind, Range, Vocabulary};
use criterion::{Criterion, criterion_group, criterion_main};

/// From the shipped rules: the usual one, a chain, and one of the longest.
const CONDITIONS: [&str; 3] = [
    "chaos > 0.7 and truth_violations > 0",
    "0.4 < chaos < 0.7 and clarity > 0.7",
    "0.4 <= chaos <= 0.6 and clarity > 0.7 and trust > 0.8 and pain < 0.4",
];

fn ask(c: &mut Criterion) {
    let mut vocabulary = Vocabulary::default();
    for name in ["clarity", "chaos", "trust", "pain"] {
        vocabulary.add(name, Kind::Number, Range::UNIT).expect("a new name");
    }
    vocabulary.add("truth_violations", Kind::Number, Range::ANY).expect("a new name");
    // With these all parts hold, so that none is left out; `chaos > 0.7` is asked of others.
    let within = [0.8, 0.5, 0.9, 0.3, 0.0];
    let beyond = [0.8, 0.75, 0.9, 0.3, 2.0];

    let mut group = c.benchmark_group("conditions");
    for (text, slots) in CONDITIONS.into_iter().zip([beyond, within, within]) {
        let condition = Condition::parse(text, &mut vocabulary).expect("a good condition");
        assert!(condition.holds(&slots), "{text}");
        group.bench_function(format!("holds: {text}"), |bencher| {
            bencher.iter(|| black_box(&condition).holds(black_box(&slots)));
        });
        group.bench_function(format!("strength: {text}"), |bencher| {
            bencher.iter(|| black_box(&condition).strength(black_box(&slots)));
        });
    }
    group.bench_function("limit: two comparisons in Rust", |bencher| {
        bencher.iter(|| {
            let slots: &[f64] = black_box(&beyond);
            slots[1] > 0.7 && slots[4] > 0.0
        });
    });
    group.finish();
}

criterion_group!(conditions, ask);
criterion_main!(conditions);
