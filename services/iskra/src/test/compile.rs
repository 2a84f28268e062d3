//! Makes what is written into tests that can run, and finds all that is wrong with it.

use domain::{Subject, Timestamp};
use rules::Rules;
use stories::{Expectation, Names, Timeline, Written, in_order, parsed};
use yaml_file::{Findings, Located};

use super::case::Case;
use super::commands;
use super::file::{TestFile, TestsFile};

/// Whom tests are about that do not say it.
const SUBJECT: &str = "agent-7";
/// When tests begin that do not say it: 2026-01-05T00:00:00Z, a Monday.
const START: Timestamp = Timestamp::from_millis(1_767_571_200_000);

/// The tests of a file; what is wrong is added to the findings.
pub(super) fn cases(file: &TestsFile, rules: &Rules, findings: &mut Findings) -> Vec<Case> {
    let case = |test: &Located<TestFile>| {
        let names = Names::new(rules).with_phases(commands::phases(&test.value.commands));
        case(test, &names, findings)
    };
    file.tests.iter().filter_map(case).collect()
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
    let commands = commands::read(&file.commands, names, findings);
    let expectations: Vec<_> =
        file.expect.iter().filter_map(|expect| Expectation::read(expect, names, findings)).collect();
    expectations.iter().for_each(|expectation| of_a_test(expectation, findings));
    in_order(file.commands.iter().map(|command| &command.value.at), "commands", findings);
    in_order(file.expect.iter().filter_map(|expect| expect.value.at.as_ref()), "expectations", findings);
    if file.expect.is_empty() {
        findings.add(test.place, "this test expects nothing");
    }
    let end = expectations.iter().map(|each| each.at).chain(commands.iter().map(|each| each.at)).max();
    let written = Written { samples: &file.samples, every: file.every.as_ref(), place: file.name.place };
    let timeline = Timeline::read(written, names, end.unwrap_or_default(), findings);
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

/// What only an experiment has is not expected of a test.
fn of_a_test(expectation: &Expectation, findings: &mut Findings) {
    if expectation.is_deadline {
        let hint = "docs/experiments.md explains it";
        findings.add_with_hint(expectation.place, "a test looks at a moment: `by` is for experiments", hint);
    }
}
