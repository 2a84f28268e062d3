//! The ∆DΩΛ artifact of an experiment: only what was measured, and where it is to be found.

use std::collections::BTreeSet;

use domain::{About, ArtifactStatus, Event, EventBody, ExperimentChange, Score, Vital};
use serde_json::{Map, Value, json};
use stories::line;

use super::checks::{change, signed};
use super::{Kept, Report};
use crate::run::Run;

/// Most events that the artifact names: it has a largest size in the log.
const MOST_TRACED: usize = 200;
/// Most seams, and most things that were not seen, that are named.
const MOST_NAMED: usize = 20;
/// Longest of these, in bytes: what people wrote can be long.
const LONGEST: usize = 600;

/// The artifact of a run; none if it never began.
pub(super) fn artifact(run: &Run, report: &Report) -> Option<Kept> {
    let experiment = run.records().experiment.as_ref()?;
    let mut record = json!({
        "title": report.title.en,
        "timestamp": report.until.or(report.from)?.to_string(),
        "delta": delta(run),
        "dimension": dimension(run),
        "omega": omega(report),
        "lambda": lambda(report),
        "sift": sift(run, report),
        "experiment": {
            "id": experiment.id,
            "name": report.name,
            "subject": report.subject,
            "simulated": report.simulated,
            "seed": report.seed,
            "outcome": report.outcome,
            "begun": report.from,
            "ended": report.until,
        },
    });
    record["checksum"] = json!(artifacts::checksum(&record));
    let status = artifacts::check_value(&record).status;
    let about = About { experiment: Some(experiment.id.clone()), ..About::default() };
    Some(Kept { status, about, by: report.by.clone(), record })
}

/// The events as a person would tell them.
pub(super) fn story(run: &Run) -> Vec<String> {
    let Some(from) = run.records().from else { return Vec::new() };
    told(run).map(|event| line::of(event, from)).collect()
}

/// How many events the story leaves out.
pub(super) fn untold(run: &Run) -> u64 {
    run.records().untold
}

fn told(run: &Run) -> impl Iterator<Item = &Event> {
    run.records().events.iter()
}

/// How each vital changed.
fn delta(run: &Run) -> Value {
    let records = run.records();
    let one = |vital: Vital| {
        let value = |score: Option<Score>| score.map(Score::get);
        let (from, to) = (value(records.before.get(vital))?, value(records.after.get(vital))?);
        let change = change(run, vital)?;
        Some((vital.name().to_owned(), json!({ "from": from, "to": to, "change": change })))
    };
    Value::Object(Vital::ALL.into_iter().filter_map(one).collect::<Map<_, _>>())
}

/// How much took part.
fn dimension(run: &Run) -> Value {
    let seams: Vec<String> = told(run)
        .filter_map(|event| match &event.body {
            EventBody::Seam { seam } => Some(format!("{} -> {}", seam.from, seam.to)),
            _ => None,
        })
        .take(MOST_NAMED)
        .collect();
    let voices: BTreeSet<&str> = told(run)
        .filter_map(|event| match &event.body {
            EventBody::Voice { voice, stood_down: None, .. } => Some(voice.name()),
            _ => None,
        })
        .collect();
    let count = |kind: &str| run.records().counts.get(kind).copied().unwrap_or(0);
    json!({
        "phases": run.script().phases.len(),
        "samples": run.records().measured,
        "seams": seams,
        "voices": voices,
        "actions": count("action"),
        "alerts": run.records().opened.values().sum::<u64>(),
    })
}

/// How much of what had to be seen was.
fn omega(report: &Report) -> Value {
    let met = report.checks.iter().filter(|check| check.passed).count();
    #[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
    let completeness = (met as f64 / report.checks.len().max(1) as f64 * 1e4).floor() / 1e4;
    json!({ "completeness": completeness, "checks": report.checks.len(), "checks_passed": met })
}

/// What follows.
fn lambda(report: &Report) -> Value {
    let next = match report.passed {
        true => "Keep it among the experiments: whatever changes, it must go on passing.",
        false => {
            "Find out for each check that was not met whether the hypothesis, the rules or the experiment is wrong."
        }
    };
    let status = if report.passed { ArtifactStatus::Ok } else { ArtifactStatus::Warn };
    json!({ "status": status, "next_step": next })
}

/// The evidence.
fn sift(run: &Run, report: &Report) -> Value {
    let script = run.script();
    let inference = match report.passed {
        true => format!("Confirmed: {}", report.hypothesis.en),
        false => format!("Not confirmed: {}", report.hypothesis.en),
    };
    let mut facts = vec![format!(
        "{} of {} checks passed; {} samples were measured",
        report.checks.iter().filter(|check| check.passed).count(),
        report.checks.len(),
        report.figures.samples
    )];
    for (vital, measured) in &report.figures.vitals {
        let change = measured.from.map(|from| format!("{from} to {}, {}", measured.to, signed(measured.to - from)));
        let change = change.unwrap_or_else(|| measured.to.to_string());
        facts.push(format!("{vital}: {change} (between {} and {})", measured.least, measured.greatest));
    }
    let outcome = report.outcome.map_or("nothing", domain::Outcome::name);
    facts.push(format!("it ended as {outcome}: {}", report.reason.en));
    let missed = report.checks.iter().filter(|check| !check.passed).take(MOST_NAMED);
    facts.extend(missed.map(|check| {
        let was = if check.was.is_empty() { "nothing".to_owned() } else { check.was.join(", ") };
        let fact = format!("line {}: {} must be {}, was {was}", check.line, check.what, check.expected.join(", "));
        shortened(fact)
    }));
    let source = format!(
        "config/experiments/{}.yml (seed {}), run on {} by {}",
        script.name, script.seed, script.subject, report.by
    );
    json!({ "source": [source], "inference": [inference], "fact": facts, "trace": trace(run) })
}

/// The events by which all of it can be followed in the log.
fn trace(run: &Run) -> Vec<&str> {
    let is_traced = |event: &&Event| match &event.body {
        EventBody::Experiment { change, .. } => *change != ExperimentChange::Steered,
        EventBody::Alert { .. }
        | EventBody::Action { .. }
        | EventBody::Voice { .. }
        | EventBody::Seam { .. }
        | EventBody::Artifact { .. } => true,
        _ => false,
    };
    told(run).filter(is_traced).take(MOST_TRACED).map(|event| event.id.as_str()).collect()
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}
