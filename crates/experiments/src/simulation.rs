//! Drives a run over the engine itself, on a simulated clock.

use std::sync::Arc;

use domain::{Command, Event, Experiment, Timestamp};
use engine::Engine;

use crate::report::Report;
use crate::run::{Input, Run};
use crate::script::Script;

/// The partition of the one subject there is.
const PARTITION: u16 = 0;

/// An experiment on an engine that has seen nothing. Nothing is stored, nobody is told.
#[derive(Debug)]
pub struct Simulation {
    run: Run,
    engine: Engine,
    now: Timestamp,
    seq: u64,
    events: Vec<Event>,
}

impl Simulation {
    /// Begins it at its `start`.
    pub fn new(script: Arc<Script>, by: impl Into<String>) -> Self {
        let engine = Engine::new(PARTITION, Arc::clone(&script.rules));
        let now = script.start;
        let run = Run::new(script, by, std::time::Duration::ZERO);
        let mut simulation = Self { run, engine, now, seq: 0, events: Vec::new() };
        let wish = simulation.run.wish();
        simulation.run.announced(Experiment::id_of(PARTITION, 1), now);
        simulation.command(&wish);
        simulation
    }

    /// The run.
    pub const fn run(&self) -> &Run {
        &self.run
    }

    /// The moment that it has come to.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The next moment at which something happens; none when all is over.
    pub fn due(&self) -> Option<Timestamp> {
        let run = self.run.due()?;
        Some(self.engine.next_due().map_or(run, |engine| engine.min(run)).max(self.now))
    }

    /// Does what happens at the next moment.
    pub fn step(&mut self) {
        let Some(now) = self.due() else { return };
        self.now = now;
        self.feed(engine::Input::Tick);
        while self.run.due().is_some_and(|due| due <= now) {
            for input in self.run.inputs(now) {
                match input {
                    Input::Sample(sample) => {
                        self.run.sampled(&sample);
                        self.seq += 1;
                        self.feed(engine::Input::Sample(self.seq, &sample));
                    }
                    Input::Command(command) => self.command(&command),
                }
            }
        }
    }

    /// Ends it as a person does.
    pub fn stop(&mut self, by: &str) {
        if let Some(Input::Command(command)) = self.run.stop(Some(by.to_owned()), "") {
            self.command(&command);
        }
    }

    /// Goes on to the end, and tells what came of it.
    pub fn finish(mut self) -> Report {
        while self.due().is_some() {
            self.step();
        }
        self.run.report()
    }

    fn command(&mut self, command: &Command) {
        self.seq += 1;
        let subject = self.run.script().subject.clone();
        self.feed(engine::Input::Command(self.seq, &subject, command));
    }

    fn feed(&mut self, input: engine::Input<'_>) {
        self.engine.step(self.now, input, &mut self.events);
        self.run.hear(&self.events);
        self.events.clear();
    }
}
