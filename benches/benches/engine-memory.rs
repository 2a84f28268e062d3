//! What the engine keeps of each subject: bytes in memory after two minutes, and in the store.

use std::sync::Arc;

use benches::load::{Load, Weather};
use dhat::HeapStats;
use engine::{Engine, Input};
use rules::Rules;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const SUBJECTS: usize = 1_000;
const SAMPLES_OF_EACH: usize = 1_200;

#[expect(clippy::print_stdout, reason = "it is what it is for")]
fn main() {
    let _profiler = dhat::Profiler::builder().testing().build();
    for (name, weather, has_signals) in
        [("calm", Weather::Calm, false), ("calm with signals", Weather::Calm, true), ("rough", Weather::Rough, true)]
    {
        let mut load = Load::new(SUBJECTS, weather, has_signals);
        let before = HeapStats::get().curr_bytes;
        let mut engine = Engine::new(0, Arc::new(Rules::built_in()));
        let mut events = Vec::new();
        for _ in 0..SUBJECTS * SAMPLES_OF_EACH {
            let (seq, sample) = load.send();
            engine.step(sample.at, Input::Sample(seq, sample), &mut events);
            events.clear();
        }
        let in_memory = (HeapStats::get().curr_bytes - before) / SUBJECTS;
        let stored = engine.take_changed().iter().map(|(_, state)| state.len()).sum::<usize>() / SUBJECTS;
        println!("{name}: {in_memory} bytes a subject in memory, {stored} in the store");
    }
}
