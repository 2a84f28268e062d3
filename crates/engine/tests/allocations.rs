//! A sample that leads to nothing costs no memory: the engine judges millions of them an hour.

use std::collections::BTreeMap;
use std::sync::Arc;

use dhat::HeapStats;
use domain::{
    Command, Event, EventBody, Experiment, Sample, Score, SignalValue, Signals, StopCondition, Subject, Timestamp,
    Vital, Vitals,
};
use engine::{Engine, Input};
use rules::Rules;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const SUBJECTS: i64 = 20;
/// So many samples of each, ten a second: minutes of them, in which windows, budgets and timers go on as well.
const ROUNDS: i64 = 3_000;
/// A runner is heard of once in so many rounds: every five seconds.
const HEARD: i64 = 50;

/// An experiment runs on one subject in two, guarded with each sample, and its runner is heard of.
#[test]
fn a_sample_that_leads_to_no_event_allocates_nothing() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let mut engine = Engine::new(0, Arc::new(Rules::built_in()));
    let numbers = [("accuracy", 0.95), ("complexity", 0.5), ("drift", 0.1), ("truth_violations", 0.0)];
    let signals: Signals = numbers.into_iter().map(|(name, value)| (name.into(), SignalValue::Number(value))).collect();
    let of = |subject: i64| Sample {
        subject: Subject::new(&format!("{}-{subject}", if is_tried(subject) { "lab" } else { "agent" })).unwrap(),
        at: Timestamp::default(),
        vitals: Vitals::default(),
        signals: signals.clone(),
    };
    let mut samples: Vec<Sample> = (0..SUBJECTS).map(of).collect();
    let mut events = Vec::with_capacity(1_000);
    let (mut seq, mut quiet, mut tried) = (0, 0, 0);
    let mut ids = BTreeMap::<Subject, String>::new();
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
                tried += i64::from(is_tried(subject));
                assert_eq!(allocated, 0, "sample {round} of {}", sample.subject);
            }
            events.clear();
            if is_tried(subject) && round % HEARD == 0 {
                seq += 1;
                let command = if round == 0 { begin() } else { steer(&ids[&sample.subject]) };
                engine.step(sample.at, Input::Command(seq, &sample.subject, &command), &mut events);
                let is_lost = |event: &Event| matches!(&event.body, EventBody::Experiment { experiment, .. } if experiment.ended.is_some());
                assert!(!events.iter().any(is_lost), "{events:?}");
                if round == 0 {
                    ids.insert(sample.subject.clone(), Experiment::id_of(0, seq));
                }
                events.clear();
            }
        }
    }
    assert!(quiet > (ROUNDS - 600) * SUBJECTS * 9 / 10, "{quiet} samples led to nothing");
    assert!(tried > (ROUNDS - 600) * SUBJECTS * 4 / 10, "{tried} samples of experiments led to nothing");
}

/// Whether an experiment runs on it.
const fn is_tried(subject: i64) -> bool {
    subject % 2 == 0
}

fn begin() -> Command {
    let stop = |vital, above, below| StopCondition { vital, above, below };
    let stop =
        vec![stop(Vital::Pain, Some(Score::clamped(0.6)), None), stop(Vital::Trust, None, Some(Score::clamped(0.5)))];
    Command::Experiment { name: "play".to_owned(), simulated: None, seconds: 3_600, stop, by: "Ann".to_owned() }
}

fn steer(experiment: &str) -> Command {
    Command::Steer { experiment: experiment.to_owned(), phase: "injection".to_owned(), dose: 3 }
}

/// All within OK, and never still: across bars that conditions know, back and forth.
fn calm(round: i64) -> Vitals {
    let wave = (round % 10) as f64 / 100.0;
    let values = [(Vital::Clarity, 0.72), (Vital::Chaos, 0.4), (Vital::Trust, 0.7), (Vital::Pain, 0.25)];
    values.into_iter().fold(Vitals::default(), |all, (vital, least)| all.with(vital, Score::clamped(least + wave)))
}
