//! What came of an experiment: for people, for programs, and as a ∆DΩΛ artifact.

mod checks;
mod markdown;
mod record;

use std::collections::BTreeMap;

use domain::{About, ArtifactStatus, Command, Experiment, Language, Outcome, Simulated, Subject, Text, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::run::Run;

/// What came of an experiment. The same file, seed and rules give the same report on a simulated clock, byte for byte.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The name of the experiment.
    pub name: String,
    /// Its id in the log; none if the engine never answered.
    pub id: Option<String>,
    /// What it is.
    pub title: Text,
    /// What it was to show.
    pub hypothesis: Text,
    /// On whom.
    pub subject: Subject,
    /// Set if its vitals were the runner's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<Simulated>,
    /// Who ran it.
    pub by: String,
    /// What its noise was made of.
    pub seed: u64,
    /// Whether all that had to be seen was.
    pub passed: bool,
    /// How the engine says that it ended; none if it was not heard.
    pub outcome: Option<Outcome>,
    /// Why it ended so.
    pub reason: Text,
    /// When it began, and when it ended.
    pub from: Option<Timestamp>,
    /// When it ended.
    pub until: Option<Timestamp>,
    /// Everything that had to be seen, and what was.
    pub checks: Vec<Checked>,
    /// What was measured.
    pub figures: Figures,
    /// The artifact; none if it never began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Kept>,
    #[serde(skip)]
    story: Vec<String>,
    #[serde(skip)]
    untold: u64,
}

/// Something that had to be seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// The line of the file; 0 for what every experiment must show.
    pub line: usize,
    /// Its moment or its deadline, in seconds since the beginning.
    pub at_seconds: f64,
    /// Whether that is a deadline.
    pub is_deadline: bool,
    /// When it was seen, or missed.
    pub decided_seconds: f64,
    /// What: a key of expectations, `target`, `acknowledge`, `delta` or `ends`.
    pub what: String,
    /// What had to be.
    pub expected: Vec<String>,
    /// What was.
    pub was: Vec<String>,
    /// Whether it was.
    pub passed: bool,
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Samples of the subject while it ran.
    pub samples: u64,
    /// How many of the expectations were met, of all.
    pub met: usize,
    /// All expectations.
    pub expectations: usize,
    /// How many alerts opened, by priority.
    pub alerts: BTreeMap<&'static str, u64>,
    /// How many events there were of each kind.
    pub events: BTreeMap<&'static str, u64>,
    /// Each vital: before, after, least, greatest.
    pub vitals: BTreeMap<&'static str, Measured>,
}

/// What was measured of a vital.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// At the moment from which the artifact compares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// At the end.
    pub to: f64,
    /// The least value.
    pub least: f64,
    /// The greatest value.
    pub greatest: f64,
}

/// The artifact as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// What the checks say of it.
    pub status: ArtifactStatus,
    /// What it belongs to.
    pub about: About,
    /// Who made it.
    pub by: String,
    /// The record.
    pub record: Value,
}

impl Report {
    /// The log of the experiment, as Markdown.
    pub fn markdown(&self, language: Language) -> String {
        markdown::write(self, language)
    }
}

impl Run {
    /// What came of it so far; the whole of it when it is over.
    pub fn report(&self) -> Report {
        let (script, records) = (self.script(), self.records());
        let checks = checks::all(self);
        let experiment = records.experiment.as_ref();
        let end = experiment.and_then(|experiment| experiment.ended.as_ref());
        let mut report = Report {
            name: script.name.clone(),
            id: self.id().map(str::to_owned),
            title: script.title.clone(),
            hypothesis: script.hypothesis.clone(),
            subject: script.subject.clone(),
            simulated: script.simulated,
            by: self.by().to_owned(),
            seed: script.seed,
            passed: checks.iter().all(|check| check.passed),
            outcome: end.map(|end| end.outcome),
            reason: end.map_or_else(|| unanswered(experiment), |end| end.reason.clone()),
            from: records.from,
            until: end.map(|end| end.at),
            checks,
            figures: checks::figures(self),
            artifact: None,
            story: record::story(self),
            untold: record::untold(self),
        };
        report.artifact = record::artifact(self, &report);
        report
    }
}

/// Whether the vitals have changed so far as the artifact must say.
pub(crate) fn has_changed_as_expected(run: &Run) -> bool {
    run.script().deltas.iter().all(|delta| checks::delta(run, *delta).passed)
}

/// The wish to keep the artifact of a run that is over.
pub(crate) fn artifact_command(run: &Run) -> Option<Command> {
    let Kept { status, about, by, record } = run.report().artifact?;
    Some(Command::Record { status, about, by, record })
}

fn unanswered(experiment: Option<&Experiment>) -> Text {
    match experiment {
        None => Text::new("the engine did not answer: is it running?", "движок не ответил: работает ли он?"),
        Some(_) => Text::new("it has not ended", "он не закончился"),
    }
}
