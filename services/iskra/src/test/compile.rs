//! Makes what is written into tests that can run, and finds all that is wrong with it.

mod expectations;
mod samples;

use std::str::FromStr;
use std::time::Duration;

use domain::{Subject, Timestamp};
use rules::Rules;
use yaml_file::{Findings, Located, Scalar};

use super::case::{Acknowledge, Case};
use super::file::{CommandFile, TestFile, TestsFile};
use super::names::Names;

/// Whom tests are about that do not say it.
const SUBJECT: &str = "agent-7";
/// When tests begin that do not say it: 2026-01-05T00:00:00Z, a Monday.
const START: Timestamp = Timestamp::from_millis(1_767_571_200_000);

/// The tests of a file; what is wrong is added to the findings.
pub(super) fn cases(file: &TestsFile, rules: &Rules, findings: &mut Findings) -> Vec<Case> {
    let names = Names::new(rules);
    file.tests.iter().filter_map(|test| case(test, &names, findings)).collect()
}

fn case(test: &Located<TestFile>, names: &Names, findings: &mut Findings) -> Option<Case> {
    let file = &test.value;
    let name = file.name.read(findings);
    let subject = match &file.subject {
        None => Some(Subject::new(SUBJECT).expect("a letter first, and letters and digits")),
        Some(subject) => parsed(subject, "subject", "a name like agent-7", findings),
    };
    let start = match &file.start {
        None => Some(START),
        Some(start) => parsed(start, "moment", "a time like 2026-01-05T00:00:00Z", findings),
    };
    let commands: Vec<_> = file.commands.iter().filter_map(|command| acknowledge(command, names, findings)).collect();
    let expectations: Vec<_> =
        file.expect.iter().filter_map(|expect| expectations::expectation(expect, names, findings)).collect();
    in_order(file.commands.iter().map(|command| &command.value.at), "commands", findings);
    in_order(file.expect.iter().map(|expect| &expect.value.at), "expectations", findings);
    if file.expect.is_empty() {
        findings.add(test.place, "this test expects nothing");
    }
    let end = expectations.iter().map(|each| each.at).chain(commands.iter().map(|each| each.at)).max();
    let timeline = samples::timeline(file, names, end.unwrap_or_default(), findings);
    Some(Case {
        name: name?,
        place: file.name.place,
        subject: subject?,
        start: start?,
        timeline: timeline?,
        commands,
        expectations,
    })
}

fn acknowledge(command: &Located<CommandFile>, names: &Names, findings: &mut Findings) -> Option<Acknowledge> {
    let file = &command.value;
    let at = file.at.read(findings);
    let rule = file.acknowledge.read(findings);
    let by = file.by.as_ref().map_or_else(|| Some("Ann".to_owned()), |by| by.read(findings));
    let rule = rule.filter(|rule| match names.alert(rule) {
        Ok(()) => true,
        Err(complaint) => {
            findings.complain(file.acknowledge.place, complaint);
            false
        }
    });
    Some(Acknowledge { at: at?, place: command.place, rule: rule?, by: by? })
}

fn parsed<T: FromStr>(scalar: &Scalar<String>, what: &str, example: &str, findings: &mut Findings) -> Option<T> {
    let text = scalar.read(findings)?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        findings.add_with_hint(scalar.place, format!("`{text}` is no {what}"), format!("write {example}"));
    }
    parsed
}

/// One after the other, so that a test reads as it happens.
fn in_order<'a>(times: impl Iterator<Item = &'a Scalar<Duration>>, what: &str, findings: &mut Findings) {
    let mut latest = None;
    for time in times {
        let Some(at) = time.read(&mut Findings::default()) else { continue };
        if latest.is_some_and(|latest| at <= latest) {
            findings
                .add(time.place, format!("{what} stand in the order of their times, each later than the one before"));
        }
        latest = latest.max(Some(at));
    }
}
