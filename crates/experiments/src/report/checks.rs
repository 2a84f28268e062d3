//! Everything that had to be seen, and what was.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Experiment, Outcome, Score, Vital};
use stories::{Check, Item};
use yaml_file::write_duration;

use super::{Checked, Figures, Measured};
use crate::run::{Decided, Run};
use crate::script::{Phase, Script, Target};

/// How far a change may lie from what is expected of it: what is measured has so many digits.
const HALF_A_DIGIT: f64 = 0.000_5;

pub(super) fn all(run: &Run) -> Vec<Checked> {
    let script = &**run.script();
    let mut checks: Vec<Checked> = rows(run).collect();
    checks.extend(script.phases.iter().enumerate().filter_map(|(index, phase)| target(run, index, phase)));
    checks.extend(run.records().not_acknowledged.iter().map(|(line, at, rule)| Checked {
        line: *line,
        what: "acknowledge".to_owned(),
        expected: vec![format!("{rule} fires")],
        was: Vec::new(),
        passed: false,
        ..checked(*at)
    }));
    checks.extend(script.deltas.iter().map(|delta| self::delta(run, *delta)));
    checks.push(ends(run));
    checks
}

pub(super) fn figures(run: &Run) -> Figures {
    let records = run.records();
    let measured = |vital: Vital| {
        let [least, greatest] = records.extremes[vital.index()]?;
        let to = records.after.get(vital)?.get();
        let from = records.before.get(vital).map(Score::get);
        Some((vital.name(), Measured { from, to, least: least.0, greatest: greatest.0 }))
    };
    Figures {
        samples: records.measured,
        met: run.rows().met(),
        expectations: run.rows().count(),
        alerts: records.opened.iter().map(|(priority, count)| (priority.name(), *count)).collect(),
        events: records.counts.iter().map(|(kind, count)| (*kind, *count)).collect(),
        vitals: Vital::ALL.into_iter().filter_map(measured).collect::<BTreeMap<_, _>>(),
    }
}

/// One for each key of each expectation.
fn rows(run: &Run) -> impl Iterator<Item = Checked> + '_ {
    let script = &**run.script();
    script.expectations.iter().enumerate().flat_map(move |(index, row)| {
        let decided = run.rows().decided().get(index);
        row.checks.iter().enumerate().map(move |(place, check)| Checked {
            line: row.place.line,
            is_deadline: row.is_deadline,
            ..key(row.at, check, place, decided)
        })
    })
}

fn key(at: Duration, check: &Check, place: usize, decided: Option<&Decided>) -> Checked {
    let expected: Vec<String> = check.expected.iter().map(Item::to_string).collect();
    let difference = decided.and_then(|row| row.differences[place].as_ref());
    let passed = decided.is_some_and(|row| !row.came_too_late) && difference.is_none();
    let was = match (decided, difference) {
        (_, Some(difference)) => difference.was.clone(),
        (None, None) => Vec::new(),
        (Some(_), None) => expected.clone(),
    };
    let decided_seconds = decided.map_or(at, |row| row.at).as_secs_f64();
    Checked { what: check.key.name().to_owned(), decided_seconds, expected, was, passed, ..checked(at) }
}

/// Whether an injection did what it is for.
fn target(run: &Run, index: usize, phase: &Phase) -> Option<Checked> {
    let Target { vitals, held } = phase.target.as_ref()?;
    let reached = run.records().reached.iter().find(|(reached, _)| *reached == index).map(|(_, at)| *at);
    let span = |(vital, from, to): &(Vital, f64, f64)| format!("{vital} {from}..{to}");
    let mut expected: Vec<String> = vitals.iter().map(span).collect();
    expected.push(format!("held {}", write_duration(*held)));
    let was = reached.map(|at| format!("{}: reached at {}", phase.name, write_duration(at)));
    Some(Checked {
        what: "target".to_owned(),
        is_deadline: true,
        decided_seconds: reached.unwrap_or(phase.until).as_secs_f64(),
        expected,
        was: was.into_iter().collect(),
        passed: reached.is_some(),
        ..checked(phase.until)
    })
}

/// Whether the artifact says what it must.
pub(super) fn delta(run: &Run, (vital, from, to): (Vital, f64, f64)) -> Checked {
    let script: &Script = run.script();
    let change = change(run, vital);
    let was = change.map(|change| format!("{vital} {}", signed(change)));
    let passed = change.is_some_and(|change| (from - HALF_A_DIGIT..=to + HALF_A_DIGIT).contains(&change));
    let is_one = to - from < 2.0 * HALF_A_DIGIT + 1e-9;
    let expected = match is_one {
        true => format!("{vital} {}", signed(f64::midpoint(from, to))),
        false => format!("{vital} {}..{}", signed(from), signed(to)),
    };
    let was = was.into_iter().collect();
    Checked { what: "delta".to_owned(), expected: vec![expected], was, passed, ..checked(script.lasts) }
}

/// How a vital changed, to the ten-thousandth.
pub(super) fn change(run: &Run, vital: Vital) -> Option<f64> {
    let records = run.records();
    let (before, after) = (records.before.get(vital)?.get(), records.after.get(vital)?.get());
    Some(((after - before) * 1e4).round() / 1e4)
}

pub(super) fn signed(number: f64) -> String {
    let rounded = (number * 1e3).round() / 1e3;
    if rounded < 0.0 { format!("{rounded}") } else { format!("+{}", rounded.abs()) }
}

/// Whether it ended as it must.
fn ends(run: &Run) -> Checked {
    let (script, records) = (run.script(), run.records());
    let outcome = records.experiment.as_ref().and_then(|experiment| experiment.ended.as_ref()).map(|end| end.outcome);
    let was = outcome.map(|outcome| outcome.name().to_owned());
    let ended = records.ended.unwrap_or(script.lasts);
    Checked {
        what: "ends".to_owned(),
        decided_seconds: ended.as_secs_f64(),
        expected: vec![script.ends.name().to_owned()],
        // What did not pass says so itself.
        passed: outcome == Some(script.ends) || (script.ends, outcome) == (Outcome::Passed, Some(Outcome::Failed)),
        was: was.into_iter().chain(end_of(records.experiment.as_ref())).collect(),
        ..checked(script.lasts)
    }
}

fn end_of(experiment: Option<&Experiment>) -> Option<String> {
    let end = experiment?.ended.as_ref()?;
    (!end.reason.en.is_empty()).then(|| end.reason.en.clone())
}

fn checked(at: Duration) -> Checked {
    Checked {
        line: 0,
        at_seconds: at.as_secs_f64(),
        is_deadline: false,
        decided_seconds: at.as_secs_f64(),
        what: String::new(),
        expected: Vec::new(),
        was: Vec::new(),
        passed: false,
    }
}
