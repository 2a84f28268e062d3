//! Samples a second that the engine judges on one core, with the shipped rules. As the limit beside it: only finding
//! the subject in a hash map.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use engine::{Engine, Input};
use rules::Rules;

/// Samples in one run: a second of 10,000 samples.
const SAMPLES: usize = 10_000;

/// What the values do.
#[derive(Clone, Copy)]
enum Weather {
    /// All within OK.
    Calm,
    /// Around the WARN and BLOCK edges: levels change with every other sample, watches come and go.
    Rough,
}

fn samples(subjects: usize, weather: Weather) -> Vec<Sample> {
    let at = |index: usize| Timestamp::from_micros(1_767_225_600_000_000 + index as i64 * 100);
    let vitals = |index: usize| {
        let wave = (index / subjects % 10) as f64 / 10.0;
        let [clarity, chaos, trust, pain] = match weather {
            Weather::Calm => [0.72 + wave / 10.0, 0.4 + wave / 10.0, 0.7 + wave / 10.0, 0.25 + wave / 10.0],
            Weather::Rough => [0.6 + wave / 3.0, 0.2 + wave / 2.0, 0.5 + wave / 2.0, 0.15 + wave / 2.0],
        };
        let values = [(Vital::Clarity, clarity), (Vital::Chaos, chaos), (Vital::Trust, trust), (Vital::Pain, pain)];
        values.into_iter().fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::clamped(value)))
    };
    let names: Vec<Subject> = (0..subjects).map(|n| format!("agent-{n}").parse().expect("a good name")).collect();
    (0..SAMPLES)
        .map(|index| Sample {
            subject: names[index % subjects].clone(),
            at: at(index),
            vitals: vitals(index),
            signals: Signals::new(),
        })
        .collect()
}

fn judge(c: &mut Criterion) {
    let mut group = c.benchmark_group("engine");
    group.throughput(Throughput::Elements(SAMPLES as u64));
    for (name, weather) in [("calm", Weather::Calm), ("rough", Weather::Rough)] {
        for subjects in [1, 1_000] {
            let samples = samples(subjects, weather);
            group.bench_function(BenchmarkId::new(name, subjects), |bencher| {
                let mut engine = Engine::new(0, Arc::new(Rules::built_in()));
                let mut events = Vec::new();
                let (mut second, mut seq) = (0, 0);
                bencher.iter(|| {
                    second += 1;
                    for sample in &samples {
                        // The same samples a second later each time, as from live producers.
                        seq += 1;
                        let now = Timestamp::from_micros(sample.at.as_micros() + second * 1_000_000);
                        let sample =
                            Sample { at: now, subject: sample.subject.clone(), signals: Signals::new(), ..*sample };
                        engine.step(now, Input::Sample(seq, &sample), &mut events);
                    }
                    black_box(events.len());
                    events.clear();
                });
            });
        }
    }
    let samples = samples(1_000, Weather::Calm);
    group.bench_function(BenchmarkId::new("limit: one hash look-up", 1_000), |bencher| {
        let mut latest: HashMap<Subject, Vitals> = HashMap::new();
        bencher.iter(|| {
            for sample in &samples {
                latest.insert(sample.subject.clone(), sample.vitals);
            }
            black_box(latest.len());
        });
    });
    group.finish();
}

criterion_group!(engine, judge);
criterion_main!(engine);
