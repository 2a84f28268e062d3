//! What came of the tests, for people and for programs.

use std::fmt;
use std::path::PathBuf;

use domain::Event;
use engine::RuleNow;
use serde_json::{Value, json};
use stories::{Difference, Key, line};
use yaml_file::write_duration;

use super::case::Case;
use super::run::{Failure, What};

/// So many events are shown with a failure.
const SHOWN_EVENTS: usize = 6;

/// What came of a file.
#[derive(Debug)]
pub(super) struct FileReport {
    pub(super) path: PathBuf,
    pub(super) outcome: Result<Vec<TestReport>, String>,
}

/// What came of a test.
#[derive(Debug)]
pub(super) struct TestReport {
    pub(super) case: Case,
    pub(super) failures: Vec<Failure>,
}

impl FileReport {
    /// How many tests passed, and how many things failed: tests, or the file itself.
    pub(super) fn counts(&self) -> (usize, usize) {
        let Ok(tests) = &self.outcome else { return (0, 1) };
        let failed = tests.iter().filter(|test| !test.failures.is_empty()).count();
        (tests.len() - failed, failed)
    }

    /// Everything for a program.
    pub(super) fn to_json(&self) -> Value {
        let path = self.path.display().to_string();
        match &self.outcome {
            Ok(tests) => json!({ "file": path, "tests": tests.iter().map(TestReport::to_json).collect::<Vec<_>>() }),
            Err(error) => json!({ "file": path, "error": error }),
        }
    }
}

impl fmt::Display for FileReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let tests = match &self.outcome {
            Ok(tests) => tests,
            Err(error) => return writeln!(f, "{error}"),
        };
        for test in tests.iter().filter(|test| !test.failures.is_empty()) {
            let place = test.case.place;
            writeln!(f, "{path}:{}:{}: {}", place.line, place.column, test.case.name)?;
            for failure in &test.failures {
                test.write(f, failure)?;
            }
            writeln!(f)?;
        }
        match self.counts() {
            (passed, 0) => write!(f, "{path}: {passed} passed"),
            (passed, failed) => write!(f, "{path}: {passed} passed, {failed} FAILED"),
        }
    }
}

impl TestReport {
    fn write(&self, f: &mut fmt::Formatter<'_>, failure: &Failure) -> fmt::Result {
        let at = write_duration(failure.at);
        writeln!(f, "\n  at {at}, line {}: {}", failure.place.line, failure.what.subject())?;
        match &failure.what {
            What::Different(difference) => f.write_str(&differences(difference))?,
            What::NothingToAcknowledge { rule, firing } => {
                writeln!(f, "    expected  {rule} to fire")?;
                writeln!(f, "    was       {}", list(firing))?;
            }
        }
        for (title, lines) in [("the engine said before", self.around(failure)), ("its rules now", rules(failure))] {
            if !lines.is_empty() {
                writeln!(f, "    {title}")?;
                lines.iter().try_for_each(|line| writeln!(f, "      {line}"))?;
            }
        }
        Ok(())
    }

    /// The last events that have to do with the failure.
    fn around(&self, failure: &Failure) -> Vec<String> {
        let kinds = failure.what.key().events();
        let told: Vec<&Event> = failure.events.iter().filter(|event| kinds.contains(&event.body.kind())).collect();
        let told = &told[told.len().saturating_sub(SHOWN_EVENTS)..];
        told.iter().map(|event| line::of(event, self.case.start)).collect()
    }

    fn to_json(&self) -> Value {
        let failure = |failure: &Failure| {
            let mut json = json!({
                "line": failure.place.line,
                "at_seconds": failure.at.as_secs_f64(),
                "what": failure.what.subject(),
                "events": self.around(failure),
                "rules": rules(failure),
            });
            if let What::Different(Difference { expected, was, missing, surplus, .. }) = &failure.what {
                for (key, texts) in [("expected", expected), ("was", was), ("missing", missing), ("surplus", surplus)] {
                    json[key] = json!(texts);
                }
            }
            json
        };
        json!({
            "name": self.case.name,
            "line": self.case.place.line,
            "passed": self.failures.is_empty(),
            "failures": self.failures.iter().map(failure).collect::<Vec<_>>(),
        })
    }
}

impl What {
    const fn key(&self) -> Key {
        match self {
            Self::Different(difference) => difference.key,
            Self::NothingToAcknowledge { .. } => Key::Alerts,
        }
    }

    const fn subject(&self) -> &'static str {
        match self {
            Self::Different(difference) => difference.key.name(),
            Self::NothingToAcknowledge { .. } => "acknowledge",
        }
    }
}

/// The rules that the failure is about.
fn rules(failure: &Failure) -> Vec<String> {
    let What::Different(Difference { key, missing, surplus, .. }) = &failure.what else { return Vec::new() };
    let is_meant = |rule: &RuleNow| missing.iter().chain(surplus).any(|item| key.is_about(rule, item));
    failure.rules.iter().filter(|rule| is_meant(rule)).map(line::of_rule).collect()
}

fn differences(difference: &Difference) -> String {
    let mut text = String::new();
    let mut say = |word: &str, what: &str| text.push_str(&format!("    {word:<9} {what}\n"));
    say("expected", &list(&difference.expected));
    say("was", &list(&difference.was));
    // One thing against another explains itself.
    if difference.expected.len() > 1 || difference.was.len() > 1 {
        for (word, what) in [("missing", &difference.missing), ("surplus", &difference.surplus)] {
            if !what.is_empty() {
                say(word, &list(what));
            }
        }
    }
    text
}

fn list(texts: &[String]) -> String {
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}
