//! A sample that leads to nothing costs no memory: the engine judges millions of them an hour.

use std::sync::Arc;

use dhat::HeapStats;
use domain::{Sample, Score, SignalValue, Signals, Subject, Timestamp, Vital, Vitals};
use engine::{Engine, Input};
use rules::Rules;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const SUBJECTS: i64 = 20;
/// So many samples of each, ten a second: minutes of them, in which windows, budgets and timers go on as well.
const ROUNDS: i64 = 3_000;

#[test]
fn a_sample_that_leads_to_no_event_allocates_nothing() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let mut engine = Engine::new(0, Arc::new(Rules::built_in()));
    let numbers = [("accuracy", 0.95), ("complexity", 0.5), ("drift", 0.1), ("truth_violations", 0.0)];
    let signals: Signals = numbers.into_iter().map(|(name, value)| (name.into(), SignalValue::Number(value))).collect();
    let of = |subject: i64| Sample {
        subject: Subject::new(&format!("agent-{subject}")).unwrap(),
        at: Timestamp::default(),
        vitals: Vitals::default(),
        signals: signals.clone(),
    };
    let mut samples: Vec<Sample> = (0..SUBJECTS).map(of).collect();
    let mut events = Vec::with_capacity(1_000);
    let (mut seq, mut quiet) = (0, 0);
    for round in 0..ROUNDS {
        for (sample, subject) in samples.iter_mut().zip(0..) {
            let micros = round * 100_000 + subject * 100_000 / SUBJECTS;
            sample.at = Timestamp::from_micros(1_767_225_600_000_000 + micros);
            sample.vitals = calm(round);
            seq += 1;
            let before = HeapStats::get().total_blocks;
            engine.step(sample.at, Input::Sample(seq, sample), &mut events);
            let allocated = HeapStats::get().total_blocks - before;
            // In the first minute everything gets its place.
            if round >= 600 && events.is_empty() {
                quiet += 1;
                assert_eq!(allocated, 0, "sample {round} of agent-{subject}");
            }
            events.clear();
        }
    }
    assert!(quiet > (ROUNDS - 600) * SUBJECTS * 9 / 10, "{quiet} samples led to nothing");
}

/// All within OK, and never still: across bars that conditions know, back and forth.
fn calm(round: i64) -> Vitals {
    let wave = (round % 10) as f64 / 100.0;
    let values = [(Vital::Clarity, 0.72), (Vital::Chaos, 0.4), (Vital::Trust, 0.7), (Vital::Pain, 0.25)];
    values.into_iter().fold(Vitals::default(), |all, (vital, least)| all.with(vital, Score::clamped(least + wave)))
}
