//! An experiment that is checked and ready to run.

use std::sync::Arc;
use std::time::Duration;

use domain::{Outcome, Score, Simulated, StopCondition, Subject, Text, Timestamp, Vital, Vitals};
use rules::Rules;
use stories::{Acknowledge, Expectation, Timeline};
use yaml_file::{Findings, Source};

use crate::compile;
use crate::file::ExperimentFile;

/// An experiment as its file says it.
#[derive(Debug)]
pub struct Script {
    /// The name of the file it came from, for messages.
    pub file: String,
    /// Its name.
    pub name: String,
    /// What it is, for people.
    pub title: Text,
    /// What it is to show.
    pub hypothesis: Text,
    /// On whom.
    pub subject: Subject,
    /// Set if its vitals are the runner's.
    pub simulated: Option<Simulated>,
    /// When it begins on a simulated clock.
    pub start: Timestamp,
    /// How long it lasts if nothing stops it.
    pub lasts: Duration,
    /// What its noise is made of.
    pub seed: u64,
    /// How far a sent vital may lie from what is written, at most.
    pub noise: f64,
    /// What is sent; nothing for a real subject.
    pub timeline: Timeline,
    /// Its phases, in the order of time.
    pub phases: Vec<Phase>,
    /// What people do, in the order of time.
    pub commands: Vec<Acknowledge>,
    /// What must be so, in the order of time.
    pub expectations: Vec<Expectation>,
    /// What stops it at once.
    pub stop: Vec<StopCondition>,
    /// How it must end.
    pub ends: Outcome,
    /// What is sent when it is over.
    pub recovery: Option<Recovery>,
    /// From when on the artifact compares.
    pub compared_from: Duration,
    /// What the artifact must say of each vital: the change, from and to.
    pub deltas: Vec<(Vital, f64, f64)>,
    /// Its own times that conditions must hold, by rule, where they differ from those of the rules.
    pub holds: Vec<(String, Duration)>,
    /// The rules that it was checked with, and its own times in them.
    pub rules: Arc<Rules>,
}

/// A part of an experiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// Since the experiment's beginning.
    pub at: Duration,
    /// How much chaos is injected, 0 (none) to 10.
    pub dose: u8,
    /// When the injection ends, at the latest, since the experiment's beginning.
    pub until: Duration,
    /// What the injection is for.
    pub target: Option<Target>,
}

/// What an injection is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Each vital, from and to, both inclusive.
    pub vitals: Vec<(Vital, f64, f64)>,
    /// For how long all of it must be so.
    pub held: Duration,
}

/// What is sent when an experiment is over.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// For how long.
    pub lasts: Duration,
    /// What; its times count from the end of the experiment.
    pub timeline: Timeline,
}

impl Script {
    /// Reads the text of a file under `rules`, or tells all that is wrong with it: file, line, column and a hint.
    pub fn parse(file: &str, text: &str, rules: &Arc<Rules>) -> Result<Self, yaml_file::Error> {
        let source = Source::new(file, text)?;
        let written: ExperimentFile = source.parse()?;
        let mut findings = Findings::default();
        let script = compile::script(file, &written, rules, &mut findings);
        source.check(findings)?;
        Ok(script.expect("what cannot be made has left a finding"))
    }

    /// The longest that a run of it takes.
    pub fn longest(&self) -> Duration {
        self.lasts + self.recovery.as_ref().map_or(Duration::ZERO, |recovery| recovery.lasts)
    }

    /// Why it cannot run where its rules are not the ones in force, if it cannot: it rests on times of its own.
    pub fn needs_own_rules(&self) -> Option<Text> {
        let holds: Vec<String> =
            self.holds.iter().map(|(rule, hold)| format!("{rule} {}", yaml_file::write_duration(*hold))).collect();
        let holds = holds.join(", ");
        (!self.holds.is_empty()).then(|| {
            Text::new(
                format!("it has `for` values of its own ({holds}), and the rules of a running suite are others"),
                format!("у него свои значения `for` ({holds}), а у работающей системы другие правила"),
            )
        })
    }
}

impl Target {
    /// Whether the values are where they shall be.
    pub(crate) fn is_met_by(&self, vitals: &Vitals) -> bool {
        let lies = |&(vital, from, to): &(Vital, f64, f64)| {
            vitals.get(vital).map(Score::get).is_some_and(|value| (from..=to).contains(&value))
        };
        self.vitals.iter().all(lies)
    }
}
