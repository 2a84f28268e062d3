//! Runs a test on the engine itself.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use domain::{Command, Event, Experiment, Sample};
use engine::{Engine, Input, RuleNow, Views};
use rules::Rules;
use stories::{Difference, Expectation, Key, Seen};
use yaml_file::Place;

use super::case::Case;
use super::commands::{Act, Deed};

/// So many events before a failure are kept to explain it.
const KEPT_EVENTS: usize = 500;
/// All subjects of a test are of one partition.
const PARTITION: u16 = 0;
/// Who runs the experiments of a test.
const RUNNER: &str = "Ann";

/// An expectation that was not met.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) at: Duration,
    pub(super) place: Place,
    pub(super) what: What,
    /// What the engine said before it.
    pub(super) events: Vec<Event>,
    /// How each rule stands at that moment.
    pub(super) rules: Vec<RuleNow>,
}

/// What went otherwise.
#[derive(Debug)]
pub(super) enum What {
    /// Something else was so.
    Different(Difference),
    /// There was no such alert to acknowledge.
    NothingToAcknowledge { rule: String, firing: Vec<String> },
}

/// Runs `case` under `rules` and tells what was otherwise than expected; only the first of it if `is_first_enough`.
pub(super) fn run(case: &Case, rules: &Arc<Rules>, is_first_enough: bool) -> Vec<Failure> {
    let mut run = Run {
        case,
        engine: Engine::new(PARTITION, Arc::clone(rules)),
        seq: 0,
        seen: Seen::default(),
        experiment: String::new(),
        events: Vec::new(),
        kept: VecDeque::new(),
        failures: Vec::new(),
        saved: String::new(),
    };
    let mut commands = case.commands.iter().peekable();
    let mut expectations = case.expectations.iter().peekable();
    let mut samples = case.timeline.samples().peekable();
    loop {
        // At one moment the sample comes first, then what a person does, then what must be so.
        let sample = samples.peek().map(|(at, ..)| *at);
        let command = commands.peek().map(|command| command.at);
        let expectation = expectations.peek().map(|expectation| expectation.at);
        let Some(at) = [sample, command, expectation].into_iter().flatten().min() else { break };
        if sample == Some(at)
            && let Some((at, vitals, signals)) = samples.next()
        {
            let subject = case.subject.clone();
            run.sample(at, &Sample { subject, at: case.start.plus(at), vitals, signals });
        } else if command == Some(at)
            && let Some(command) = commands.next()
        {
            run.act(command);
        } else if let Some(expectation) = expectations.next() {
            run.expect(expectation);
        }
        if is_first_enough && !run.failures.is_empty() {
            break;
        }
    }
    run.failures
}

struct Run<'a> {
    case: &'a Case,
    engine: Engine,
    seq: u64,
    seen: Seen,
    /// The id of the latest experiment that was asked for.
    experiment: String,
    events: Vec<Event>,
    kept: VecDeque<Event>,
    failures: Vec<Failure>,
    /// The state of the subject as it was last looked at.
    saved: String,
}

impl Run<'_> {
    fn sample(&mut self, at: Duration, sample: &Sample) {
        self.seq += 1;
        self.step(at, Input::Sample(self.seq, sample));
    }

    fn act(&mut self, act: &Act) {
        let at = act.at;
        self.step(at, Input::Tick);
        let command = match act.what.clone() {
            Deed::Acknowledge { place, rule, by } => match self.seen.firing(&rule) {
                Some(alert) => Command::Acknowledge { alert: alert.id.clone(), by, note: String::new() },
                None => {
                    let firing = self.seen.firing_rules().into_iter().map(str::to_owned).collect();
                    self.fail(at, place, What::NothingToAcknowledge { rule, firing });
                    return;
                }
            },
            Deed::Begin { name, simulated, lasts, stop } => {
                self.experiment = Experiment::id_of(PARTITION, self.seq + 1);
                Command::Experiment { name, simulated, seconds: lasts.as_secs(), stop, by: RUNNER.to_owned() }
            }
            Deed::Steer { phase, dose } => Command::Steer { experiment: self.experiment.clone(), phase, dose },
            Deed::Conclude { outcome } => {
                let experiment = self.experiment.clone();
                Command::Conclude { experiment, outcome, by: None, note: String::new() }
            }
        };
        self.seq += 1;
        self.step(at, Input::Command(self.seq, &self.case.subject, &command));
    }

    fn expect(&mut self, expectation: &Expectation) {
        self.step(expectation.at, Input::Tick);
        for counted in self.engine.take_counts() {
            for (why, count) in domain::Suppression::ALL.into_iter().zip(counted.suppressed) {
                if count > 0 {
                    self.seen.suppress(&counted.rule, why);
                }
            }
        }
        if expectation.checks.iter().any(|check| check.key == Key::Budgets) {
            self.seen.budgets(self.engine.budgets(&self.case.subject).unwrap_or_default());
        }
        for check in &expectation.checks {
            if let Some(difference) = check.difference(self.seen.items(check.key, &check.expected)) {
                self.fail(expectation.at, expectation.place, What::Different(difference));
            }
        }
        self.seen.begin_anew();
    }

    fn step(&mut self, at: Duration, input: Input<'_>) {
        self.engine.step(self.case.start.plus(at), input, &mut self.events);
        for event in self.events.drain(..) {
            self.seen.apply(&event);
            if self.kept.len() == KEPT_EVENTS {
                self.kept.pop_front();
            }
            self.kept.push_back(event);
        }
    }

    /// How each rule stands at `at`, as an engine that goes on from here would see it.
    fn explain(&mut self, at: Duration) -> Vec<RuleNow> {
        // What is taken once is not there a second time.
        if let Some((_, saved)) = self.engine.take_changed().pop() {
            self.saved = saved;
        }
        let (rules, subject) = (Arc::clone(self.engine.rules()), self.case.subject.clone());
        let view = Views::new(rules).of(subject, self.engine.now(), self.case.start.plus(at), &self.saved);
        view.map(|view| view.explain()).unwrap_or_default()
    }

    fn fail(&mut self, at: Duration, place: Place, what: What) {
        let events = self.kept.iter().cloned().collect();
        let rules = self.explain(at);
        self.failures.push(Failure { at, place, what, events, rules });
    }
}
