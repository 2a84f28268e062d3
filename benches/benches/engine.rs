//! Samples a second that the engine judges on one core, with all shipped rules, for few and for many subjects. As the
//! limit beside it: only finding the subject in a hash map.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use benches::load::{Load, Weather};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::{Subject, Vitals};
use engine::{Engine, Input};
use rules::Rules;

/// Samples in one run.
const SAMPLES: u64 = 10_000;
/// How often each subject is heard before it is measured: a minute, after which everything has its place.
const WARM_UP: u64 = 600;
/// And how many samples that is at most.
const MOST_WARM_UP: u64 = 10_000_000;

fn judge(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine");
    group.throughput(Throughput::Elements(SAMPLES));
    for (name, weather, has_signals) in
        [("calm", Weather::Calm, false), ("calm with signals", Weather::Calm, true), ("rough", Weather::Rough, true)]
    {
        for subjects in [10, 100, 1_000, 10_000, 100_000] {
            let mut load = Load::new(subjects, weather, has_signals);
            let mut engine = Engine::new(0, Arc::new(Rules::built_in()));
            let mut events = Vec::new();
            let mut step = || {
                let (seq, sample) = load.send();
                engine.step(sample.at, Input::Sample(seq, sample), &mut events);
                black_box(events.len());
                events.clear();
            };
            (0..WARM_UP.min(MOST_WARM_UP / subjects as u64) * subjects as u64).for_each(|_| step());
            group.bench_function(BenchmarkId::new(name, subjects), |bencher| {
                bencher.iter(|| (0..SAMPLES).for_each(|_| step()));
            });
        }
    }
    group.bench_function(BenchmarkId::new("limit: one hash look-up", 1_000), |bencher| {
        let mut load = Load::new(1_000, Weather::Calm, false);
        let mut latest: HashMap<Subject, Vitals> = HashMap::new();
        bencher.iter(|| {
            for _ in 0..SAMPLES {
                let (_, sample) = load.send();
                latest.insert(sample.subject.clone(), sample.vitals);
            }
            black_box(latest.len());
        });
    });
    group.finish();
}

criterion_group!(engine, judge);
criterion_main!(engine);
