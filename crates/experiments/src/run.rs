//! One run of an experiment: a state machine that does nothing by itself. Whoever drives it has a clock and a log.
//!
//! ```text
//! wish() ──appended──▶ announced(id) ──▶ hear(events) ──▶ due() / inputs(now) ──▶ … ──▶ due() is none: it is over
//! ```
//!
//! Each input that it asks for is appended to the log; each sample and event of the subject that the log brings is heard.

mod course;
mod progress;
mod records;
mod rows;

use std::sync::Arc;
use std::time::Duration;

use domain::{
    Alert, Command, Event, EventBody, Experiment, ExperimentEnd, Outcome, Presence, Sample, Score, Signals, Timestamp,
    Verdict, Vital, Vitals,
};
use stories::{Position, Seen, Timeline};

use crate::noise;
use crate::script::Script;
use course::Course;
pub use progress::Progress;
pub(crate) use records::Records;
pub(crate) use rows::{Decided, Rows};

/// The runner says at least so often that it is there: a third of the time after which it counts as gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// An engine that has not answered for so long does not run.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What the runner appends to the log.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// What a simulated subject sends.
    Sample(Sample),
    /// What is asked of the engine, on the subject.
    Command(Command),
}

/// A run of an experiment.
#[derive(Debug)]
pub struct Run {
    script: Arc<Script>,
    by: String,
    /// Expectations are looked at so long after their moment: in real time what belongs to a moment is heard a little later.
    patience: Duration,
    stage: Stage,
    seen: Seen,
    rows: Rows,
    records: Records,
}

#[derive(Debug)]
enum Stage {
    /// Nothing was asked yet.
    New,
    /// The engine was asked, and has not answered.
    Asked { id: String, until: Timestamp },
    /// It has begun.
    Begun(Box<Course>),
    /// The artifact was asked for, or there is none: nothing more comes.
    Over,
}

impl Run {
    /// A run that is about to begin. A driver on a simulated clock needs no patience; one in real time gives what is asked
    /// the time to come back.
    pub fn new(script: Arc<Script>, by: impl Into<String>, patience: Duration) -> Self {
        let rows = Rows::new(script.expectations.len());
        let records = Records::default();
        Self { script, by: by.into(), patience, stage: Stage::New, seen: Seen::default(), rows, records }
    }

    /// Tells how the subject is that is already there.
    pub fn found(&mut self, vitals: Vitals, verdict: Verdict, presence: &Presence, alerts: Vec<Alert>) {
        self.seen = Seen::found(vitals, verdict, presence, alerts);
    }

    /// What it runs.
    pub const fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// The wish to begin: the first that is appended.
    pub fn wish(&self) -> Command {
        Command::Experiment {
            name: self.script.name.clone(),
            simulated: self.script.simulated,
            seconds: whole_seconds(self.script.lasts + MARGIN),
            stop: self.script.stop.clone(),
            by: self.by.clone(),
        }
    }

    /// The wish was appended at `now`; `id` is [`Experiment::id_of`] its place in the log.
    pub fn announced(&mut self, id: String, now: Timestamp) {
        self.stage = Stage::Asked { id, until: now.plus(ANSWER_WITHIN) };
    }

    /// The id of the experiment, as soon as it has one.
    pub fn id(&self) -> Option<&str> {
        match &self.stage {
            Stage::New | Stage::Over => self.records.experiment.as_ref().map(|experiment| experiment.id.as_str()),
            Stage::Asked { id, .. } => Some(id),
            Stage::Begun(course) => Some(&course.id),
        }
    }

    /// The experiment as the engine last told of it.
    pub const fn experiment(&self) -> Option<&Experiment> {
        self.records.experiment.as_ref()
    }

    /// Hears what the log says of the subject at one moment: events in their order.
    pub fn hear(&mut self, events: &[Event]) {
        for event in events {
            self.seen.apply(event);
            self.records.event(event);
            if let EventBody::Experiment { experiment, .. } = &event.body
                && self.id() == Some(experiment.id.as_str())
            {
                self.experiment_changed(event.at, experiment);
            }
        }
        if let (Some(latest), Stage::Begun(course)) = (events.last(), &self.stage) {
            self.rows.look(&self.script, &mut self.seen, latest.at.since(course.from));
        }
    }

    /// Hears a sample of the subject, whoever sent it.
    pub fn sampled(&mut self, sample: &Sample) {
        self.seen.sample(sample.vitals);
        if let Stage::Begun(course) = &mut self.stage {
            let at = sample.at.since(course.from);
            let is_compared = at <= self.script.compared_from;
            self.records.sample(at, is_compared, course.ended.is_some(), sample.vitals);
            let reached = course.sampled(&self.script, at, &self.records.vitals);
            self.records.reached.extend(reached.map(|phase| (phase, at)));
        }
    }

    /// When something is next to be done: then ask for [`inputs`](Self::inputs). None when all is over.
    pub fn due(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::New | Stage::Over => None,
            Stage::Asked { until, .. } => Some(*until),
            Stage::Begun(course) => Some(course.from.plus(self.next(course).0)),
        }
    }

    /// Whether nothing more comes of it.
    pub const fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// What is to be appended now: that of one moment in its order. Hear what follows from it, and ask again until
    /// [`due`](Self::due) is later than `now`.
    pub fn inputs(&mut self, now: Timestamp) -> Vec<Input> {
        let mut stage = std::mem::replace(&mut self.stage, Stage::Over);
        let inputs = match &mut stage {
            Stage::New | Stage::Over => Vec::new(),
            Stage::Asked { until, .. } if now < *until => Vec::new(),
            // Nobody answered: there is nothing to end, and nothing to keep.
            Stage::Asked { .. } => return Vec::new(),
            Stage::Begun(course) => {
                let mut inputs = Vec::new();
                // Looking at an expectation asks for nothing: then what comes after it is next.
                while inputs.is_empty() {
                    let (due, what) = self.next(course);
                    if course.from.plus(due) > now {
                        break;
                    }
                    if what == Next::Close {
                        return self.close(now).into_iter().collect();
                    }
                    inputs = self.act(course, due, what, now);
                }
                inputs
            }
        };
        self.stage = stage;
        inputs
    }

    /// Ends it now: what is asked of the engine, if it runs.
    pub fn stop(&self, by: Option<String>, note: impl Into<String>) -> Option<Input> {
        let Stage::Begun(course) = &self.stage else { return None };
        let note = note.into();
        let conclude = Command::Conclude { experiment: course.id.clone(), outcome: Outcome::Stopped, by, note };
        course.ended.is_none().then_some(Input::Command(conclude))
    }

    /// Nothing more is waited for: what was not seen by now was not. The artifact to keep, if it had begun.
    pub fn close(&mut self, now: Timestamp) -> Option<Input> {
        self.stage = Stage::Over;
        let from = self.records.from?;
        self.rows.give_up(&self.script, &self.seen, now.since(from));
        self.records.closed = Some(now.since(from));
        crate::report::artifact_command(self).map(Input::Command)
    }

    pub(crate) fn by(&self) -> &str {
        &self.by
    }

    pub(crate) const fn records(&self) -> &Records {
        &self.records
    }

    pub(crate) const fn rows(&self) -> &Rows {
        &self.rows
    }

    fn experiment_changed(&mut self, at: Timestamp, experiment: &Experiment) {
        self.records.experiment = Some(experiment.clone());
        let ended: Option<&ExperimentEnd> = experiment.ended.as_ref();
        match &mut self.stage {
            Stage::Asked { id, .. } => {
                let mut course = Course::new(id.clone(), at);
                if ended.is_some() {
                    course.ended = Some(Duration::ZERO);
                }
                self.records.from = Some(at);
                self.stage = Stage::Begun(Box::new(course));
            }
            Stage::Begun(course) if ended.is_some() && course.ended.is_none() => {
                let ended = at.since(course.from);
                course.end(ended);
                self.records.ended = Some(ended);
            }
            Stage::New | Stage::Begun(_) | Stage::Over => {}
        }
    }

    /// What comes next, and when since the beginning. Of what comes at one moment the first here is the first to happen.
    fn next(&self, course: &Course) -> (Duration, Next) {
        let script = &*self.script;
        let timeline = course.timeline(script, self.is_refused());
        let mut next = (Duration::MAX, Next::Close);
        let mut sooner = |at: Option<Duration>, what: Next| {
            if let Some(at) = at
                && at < next.0
            {
                next = (at, what);
            }
        };
        if course.ended.is_none() && course.concluded.is_none() {
            sooner(course.steered_next(script), Next::Steer);
        }
        sooner(timeline.and_then(|(begun, timeline)| Some(begun + peek(timeline, course.position)?)), Next::Sample);
        let is_heard = |at: Duration| course.closes(script, self.patience).is_none_or(|closes| at <= closes);
        sooner(script.commands.get(course.command).map(|command| command.at).filter(|at| is_heard(*at)), Next::Person);
        let row = script.expectations.get(self.rows.next()).map(|row| row.at + self.patience);
        sooner(row.filter(|at| is_heard(*at)), Next::Row);
        if course.ended.is_none() {
            let end = match course.concluded {
                None => Some(script.lasts + self.patience),
                Some(_) => None,
            };
            sooner(end, Next::End);
        }
        sooner(course.closes(script, self.patience), Next::Close);
        next
    }

    fn act(&mut self, course: &mut Course, due: Duration, what: Next, now: Timestamp) -> Vec<Input> {
        let script = Arc::clone(&self.script);
        match what {
            Next::Steer => {
                let (phase, dose) = course.steer(&script, due, now.since(course.from));
                let experiment = course.id.clone();
                vec![Input::Command(Command::Steer { experiment, phase, dose })]
            }
            Next::Sample => {
                let Some((begun, timeline)) = course.timeline(&script, self.is_refused()) else { return Vec::new() };
                let Some((at, vitals, signals)) = timeline.next(&mut course.position) else { return Vec::new() };
                let place = self.records.sent;
                self.records.sent += 1;
                vec![Input::Sample(sample(&script, place, course.from.plus(begun + at), vitals, signals))]
            }
            Next::Person => {
                let command = &script.commands[course.command];
                course.command += 1;
                self.records
                    .acknowledge(command, self.seen.firing(&command.rule))
                    .into_iter()
                    .map(Input::Command)
                    .collect()
            }
            Next::Row => {
                self.rows.decide(&script, &mut self.seen, due.saturating_sub(self.patience));
                Vec::new()
            }
            Next::End => {
                course.concluded = Some(due);
                let is_as_expected = script.ends == Outcome::Passed && self.has_passed_until_now();
                let outcome = if is_as_expected { Outcome::Passed } else { Outcome::Failed };
                let (experiment, note) = (course.id.clone(), self.rows.summary());
                let by = Some(self.by.clone());
                vec![Input::Command(Command::Conclude { experiment, outcome, by, note })]
            }
            Next::Close => Vec::new(),
        }
    }

    fn is_refused(&self) -> bool {
        let end = self.records.experiment.as_ref().and_then(|experiment| experiment.ended.as_ref());
        end.is_some_and(|end| end.outcome == Outcome::Refused)
    }

    /// Whether everything went as expected so far.
    fn has_passed_until_now(&self) -> bool {
        self.rows.have_passed() && self.records.has_passed(&self.script) && crate::report::has_changed_as_expected(self)
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Steer,
    Sample,
    Person,
    Row,
    End,
    Close,
}

/// The engine lets go of an experiment some time after its runner should have ended it.
pub(crate) const MARGIN: Duration = Duration::from_mins(1);

fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

fn peek(timeline: &Timeline, mut position: Position) -> Option<Duration> {
    timeline.next(&mut position).map(|(at, ..)| at)
}

/// What is sent, with its noise, to the millionth.
fn sample(script: &Script, place: u64, at: Timestamp, mut vitals: Vitals, signals: Signals) -> Sample {
    if script.noise > 0.0 {
        for vital in Vital::ALL {
            let Some(score) = vitals.get(vital) else { continue };
            let four = place * 4 + vital.index() as u64;
            let value = noise::at(script.seed, four).mul_add(script.noise, score.get());
            vitals.set(vital, Score::new((value * 1e6).round().clamp(0.0, 1e6) / 1e6));
        }
    }
    Sample { subject: script.subject.clone(), at, vitals, signals }
}
