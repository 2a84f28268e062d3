use std::sync::Arc;

use domain::{Event, Sample, Suppression, Timestamp};
use engine::{Engine, Input, RuleKind};
use rules::Rules;

use crate::{Area, Figures, Tally};

/// The time that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// From this moment on, inclusive.
    pub since: Timestamp,
    /// Up to this moment, exclusive.
    pub until: Timestamp,
}

/// One engine over the samples of one subject.
#[derive(Debug)]
pub struct Judge {
    engine: Engine,
    tally: Tally,
    period: Period,
    is_warm: bool,
    events: Vec<Event>,
}

impl Judge {
    /// An engine without memory. `partition` is the subject's, so that events get the names that they have in the log.
    pub fn new(partition: u16, rules: Arc<Rules>, period: Period) -> Self {
        let engine = Engine::new(partition, rules);
        Self { engine, tally: Tally::new(period), period, is_warm: false, events: Vec::new() }
    }

    /// Judges the sample with this number. Those of the time before the period warm the engine up.
    pub fn sample(&mut self, seq: u64, recorded: Timestamp, sample: &Sample) {
        if recorded >= self.period.since {
            self.begin();
        }
        self.step(recorded, Input::Sample(seq, sample));
    }

    /// Lets the time until the end of the period pass, and answers what was so.
    pub fn finish(mut self) -> Figures {
        self.begin();
        self.step(before(self.period.until), Input::Tick);
        let mut figures = self.tally.finish();
        for counted in self.engine.take_counts() {
            let area = match counted.kind {
                RuleKind::Symbol => Area::SymbolSuppressed,
                _ => Area::ActionSuppressed,
            };
            for (why, times) in Suppression::ALL.into_iter().zip(counted.suppressed).filter(|(_, times)| *times > 0) {
                figures.count(area, format!("{}: {}", counted.rule, why.name()), times);
            }
        }
        figures
    }

    /// What was suppressed before the period does not count.
    fn begin(&mut self) {
        if !std::mem::replace(&mut self.is_warm, true) {
            self.step(before(self.period.since), Input::Tick);
            drop(self.engine.take_counts());
        }
    }

    fn step(&mut self, now: Timestamp, input: Input<'_>) {
        self.engine.step(now, input, &mut self.events);
        for event in self.events.drain(..) {
            self.tally.take(&event);
        }
    }
}

/// The last moment before another one.
const fn before(moment: Timestamp) -> Timestamp {
    Timestamp::from_micros(moment.as_micros().saturating_sub(1))
}

#[cfg(test)]
mod tests;
