//! As in real time: the log's clock has gone on a little when an input is appended, and what follows from it is heard later.

use std::collections::VecDeque;
use std::time::Duration;

use domain::{Event, Experiment, Sample, Timestamp};
use engine::Engine;

use super::*;

/// How often the driver looks at its clock: an input is appended so late at the most.
const TICK: Duration = Duration::from_millis(70);
/// How much later the driver hears what was appended.
const DELAY: Duration = Duration::from_millis(400);
const PATIENCE: Duration = Duration::from_secs(2);

enum Heard {
    Sample(Sample),
    Events(Vec<Event>),
}

struct World {
    run: Run,
    engine: Engine,
    now: Timestamp,
    seq: u64,
    on_its_way: VecDeque<(Timestamp, Heard)>,
}

impl World {
    fn feed(&mut self, input: engine::Input<'_>) {
        let mut events = Vec::new();
        self.engine.step(self.now, input, &mut events);
        if !events.is_empty() {
            self.on_its_way.push_back((self.now.plus(DELAY), Heard::Events(events)));
        }
    }

    fn append(&mut self, input: Input) {
        self.seq += 1;
        match input {
            Input::Sample(sample) => {
                self.feed(engine::Input::Sample(self.seq, &sample));
                self.on_its_way.push_back((self.now.plus(DELAY), Heard::Sample(sample)));
            }
            Input::Command(command) => {
                let subject = self.run.script().subject.clone();
                self.feed(engine::Input::Command(self.seq, &subject, &command));
            }
        }
    }

    fn tick(&mut self) {
        self.now = self.now.plus(TICK);
        self.feed(engine::Input::Tick);
        while self.on_its_way.front().is_some_and(|(at, _)| *at <= self.now) {
            match self.on_its_way.pop_front() {
                Some((_, Heard::Sample(sample))) => self.run.sampled(&sample),
                Some((_, Heard::Events(events))) => self.run.hear(&events),
                None => {}
            }
        }
        while self.run.due().is_some_and(|due| due <= self.now) {
            for input in self.run.inputs(self.now) {
                self.append(input);
            }
        }
    }
}

#[test]
fn all_that_are_shipped_pass_where_everything_comes_a_little_later() {
    for (name, text) in SHIPPED {
        let script = script(text);
        let engine = Engine::new(0, Arc::clone(&script.rules));
        let now = script.start;
        let run = Run::new(script, "Ann", PATIENCE);
        let wish = run.wish();
        let mut world = World { run, engine, now, seq: 0, on_its_way: VecDeque::new() };
        world.run.announced(Experiment::id_of(0, 1), now);
        world.append(Input::Command(wish));
        while !world.run.is_over() {
            world.tick();
        }
        let report = world.run.report();
        assert!(report.passed, "{name}: {}", report.markdown(Language::En));
    }
}
