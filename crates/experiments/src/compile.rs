//! Makes what is written into a script, and finds all that is wrong with it.

mod phases;
mod stop;

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::{Outcome, Vital, limits};
use rules::Rules;
use stories::{Acknowledge, Expectation, Names, Timeline, Written, in_order, parsed};
use yaml_file::{Findings, Place, Scalar, most_similar, write_duration};

use crate::file::{ExperimentFile, Word};
use crate::run::MARGIN;
use crate::script::{Recovery, Script};

/// When experiments begin that do not say it: 2026-01-07T14:00:00Z, a Wednesday, when the chaos window opens.
const START: domain::Timestamp = domain::Timestamp::from_millis(1_767_794_400_000);
/// Largest noise: beyond it a sample says something else than what is written.
const LARGEST_NOISE: f64 = 0.1;
/// Most phases, and most expectations: more than anybody reads.
const MOST_PHASES: usize = 64;
const MOST_EXPECTATIONS: usize = 500;

/// The experiment; none where something was wrong, and then the findings say what.
pub(crate) fn script(
    file: &str,
    written: &ExperimentFile,
    rules: &Arc<Rules>,
    findings: &mut Findings,
) -> Option<Script> {
    let name = name(&written.name, findings);
    let lasts = lasts(&written.lasts, limits::LONGEST_EXPERIMENT - MARGIN, findings);
    // Where it cannot be read, nothing else is wrong because of that.
    let end = lasts.unwrap_or(limits::LONGEST_EXPERIMENT);
    let (holds, rules) = own_rules(written, rules, findings);
    let phases = phases::read(&written.phases, end, findings);
    let names = Names::new(&rules).with_phases(phases.iter().map(|phase| phase.name.clone()).collect());
    let simulated = written.simulated.as_ref().map(|word| word.read(findings).map(|Word(simulated)| simulated));
    if simulated.is_none() {
        nothing_is_sent(written, findings);
    }
    let samples = Written { samples: &written.samples, every: written.every.as_ref(), place: written.name.place };
    let timeline = Timeline::read(samples, &names, end, findings);
    if simulated.is_some() {
        begins_at_once(&written.samples, written.name.place, findings);
    }
    let recovery = written.recovery.as_ref().map(|recovery| {
        let lasts = self::lasts(&recovery.value.lasts, limits::LONGEST_RECOVERY, findings);
        begins_at_once(&recovery.value.samples, recovery.place, findings);
        let samples =
            Written { samples: &recovery.value.samples, every: written.every.as_ref(), place: recovery.place };
        let timeline = Timeline::read(samples, &names, lasts.unwrap_or_default(), findings);
        Some(Recovery { lasts: lasts?, timeline: timeline? })
    });
    let longest = end + recovery.as_ref().and_then(Option::as_ref).map_or(Duration::ZERO, |recovery| recovery.lasts);
    let (compared_from, deltas) = artifact(written, end, findings);
    let [title, hypothesis] = [&written.title, &written.hypothesis].map(|text| text.read(findings));
    for text in [&title, &hypothesis] {
        if text.en.len().max(text.ru.len()) > limits::NOTE_BYTES {
            let message = format!("title and hypothesis have at most {} bytes in each language", limits::NOTE_BYTES);
            findings.add(written.name.place, message);
        }
    }
    Some(Script {
        commands: commands(written, longest, &names, findings),
        expectations: expectations(written, longest, &names, findings),
        stop: stop::read(written.stop.as_deref(), findings),
        file: file.to_owned(),
        title,
        hypothesis,
        subject: parsed(&written.subject, "subject", "a name like lab", findings)?,
        start: match &written.start {
            None => START,
            Some(start) => parsed(start, "moment", "a time like 2026-01-07T14:00:00Z", findings)?,
        },
        seed: written.seed.as_ref().map_or(Some(0), |seed| whole(seed, "a seed", u64::from(u32::MAX), findings))?,
        noise: written.noise.as_ref().map_or(Some(0.0), |noise| self::noise(noise, findings))?,
        ends: written.ends.as_ref().map_or(Some(Outcome::Passed), |ends| self::ends(ends, findings))?,
        simulated: match simulated {
            None => None,
            Some(simulated) => Some(simulated?),
        },
        recovery: match recovery {
            None => None,
            Some(recovery) => Some(recovery?),
        },
        name: name?,
        lasts: lasts?,
        timeline: timeline?,
        phases,
        compared_from,
        deltas,
        holds,
        rules,
    })
}

/// Reads a number without a fraction.
fn whole<T: FromStr>(scalar: &Scalar<f64>, what: &str, most: u64, findings: &mut Findings) -> Option<T> {
    let number = scalar.read(findings)?;
    #[expect(clippy::cast_precision_loss, reason = "the bounds are small")]
    let is_fine = number.fract() == 0.0 && (0.0..=most as f64).contains(&number);
    if !is_fine {
        findings.add(scalar.place, format!("{what} is a whole number from 0 to {most}"));
    }
    format!("{number}").parse().ok().filter(|_| is_fine)
}

/// A name as it stands in addresses and names of files.
fn name(written: &Scalar<String>, findings: &mut Findings) -> Option<String> {
    let name = written.read(findings)?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.len() > limits::EXPERIMENT_NAME_BYTES || !name.chars().all(is_plain) || name.starts_with('-') {
        let message = format!("a name has at most {} of a-z, 0-9 and -", limits::EXPERIMENT_NAME_BYTES);
        findings.add_with_hint(written.place, message, "like stagnation-to-creative");
        return None;
    }
    Some(name)
}

fn lasts(written: &Scalar<Duration>, most: Duration, findings: &mut Findings) -> Option<Duration> {
    let lasts = written.read(findings)?;
    let is_fine = lasts >= Duration::from_secs(1) && lasts <= most;
    if !is_fine {
        findings.add(written.place, format!("it lasts from 1s to {}", write_duration(most)));
    }
    is_fine.then_some(lasts)
}

fn noise(written: &Scalar<f64>, findings: &mut Findings) -> Option<f64> {
    let noise = written.read(findings)?;
    if !(0.0..=LARGEST_NOISE).contains(&noise) {
        findings.add(written.place, format!("noise is a number from 0 to {LARGEST_NOISE}"));
        return None;
    }
    Some(noise)
}

/// What an author can mean: the others are what a runner or a bad day does.
fn ends(written: &Scalar<Word<Outcome>>, findings: &mut Findings) -> Option<Outcome> {
    let Word(outcome) = written.read(findings)?;
    let can_be_meant =
        [Outcome::Passed, Outcome::Refused, Outcome::Limit, Outcome::Veto, Outcome::Action, Outcome::Window];
    if !can_be_meant.contains(&outcome) {
        let names = can_be_meant.map(Outcome::name).join(", ");
        findings.add_with_hint(
            written.place,
            format!("no file can bring `{}` about", outcome.name()),
            format!("one of {names}"),
        );
        return None;
    }
    Some(outcome)
}

/// The rules with the times that the experiment has of its own.
fn own_rules(
    written: &ExperimentFile,
    rules: &Arc<Rules>,
    findings: &mut Findings,
) -> (Vec<(String, Duration)>, Arc<Rules>) {
    let Some(entries) = &written.holds else { return (Vec::new(), Arc::clone(rules)) };
    let (mut own, mut holds) = (Rules::clone(rules), Vec::new());
    for entry in entries {
        let edges = own.bands.iter_mut().flat_map(|band| &mut band.edges);
        let known: Vec<_> = edges.collect();
        let names: Vec<String> = known.iter().map(|edge| edge.rule.clone()).collect();
        let Some(edge) = known.into_iter().find(|edge| edge.rule == entry.name) else {
            let hint = most_similar(&entry.name, names.iter().map(String::as_str))
                .map_or("only the rules of bands have a time of their own".to_owned(), |similar| {
                    format!("did you mean `{similar}`?")
                });
            findings.add_with_hint(entry.place, format!("the rules have no edge `{}`", entry.name), hint);
            continue;
        };
        let Some(hold) = entry.value.read(findings) else { continue };
        if edge.hold != hold {
            edge.hold = hold;
            holds.push((entry.name.clone(), hold));
        }
    }
    (holds, Arc::new(own))
}

/// Of a real subject the runner sends nothing.
fn nothing_is_sent(written: &ExperimentFile, findings: &mut Findings) {
    const HINT: &str = "for a subject whose vitals the experiment makes up, add simulated: inbox";
    let sent = written.samples.first().map(|sample| sample.place);
    let recovery = written.recovery.as_ref().map(|recovery| recovery.place);
    let noise = written.noise.as_ref().map(|noise| noise.place);
    for place in [sent, recovery, noise].into_iter().flatten() {
        findings.add_with_hint(place, "nothing is sent for a real subject", HINT);
    }
}

fn begins_at_once(samples: &[yaml_file::Located<stories::SampleFile>], place: Place, findings: &mut Findings) {
    match samples.first() {
        None => findings.add(place, "a simulated subject has samples"),
        Some(first) => {
            let at = first.value.at.read(&mut Findings::default());
            if at.is_some_and(|at| !at.is_zero()) {
                findings.add(first.value.at.place, "the first sample is sent at 0s");
            }
        }
    }
}

fn commands(written: &ExperimentFile, end: Duration, names: &Names, findings: &mut Findings) -> Vec<Acknowledge> {
    in_order(written.commands.iter().map(|command| &command.value.at), "commands", findings);
    let commands: Vec<_> =
        written.commands.iter().filter_map(|command| Acknowledge::read(command, names, findings)).collect();
    for command in commands.iter().filter(|command| command.at > end) {
        findings.add(command.place, format!("the experiment is over at {}", write_duration(end)));
    }
    commands
}

fn expectations(written: &ExperimentFile, end: Duration, names: &Names, findings: &mut Findings) -> Vec<Expectation> {
    if written.expect.is_empty() {
        findings.add(written.name.place, "this experiment expects nothing");
    }
    if let Some(beyond) = written.expect.get(MOST_EXPECTATIONS) {
        findings.add(beyond.place, format!("more than {MOST_EXPECTATIONS} expectations"));
    }
    let times = written.expect.iter().filter_map(|expect| expect.value.at.as_ref().or(expect.value.by.as_ref()));
    in_order(times, "expectations", findings);
    let read = written.expect.iter().filter_map(|expect| Expectation::read(expect, names, findings));
    let expectations: Vec<Expectation> = read.collect();
    for expectation in &expectations {
        for check in expectation.checks.iter().filter(|check| check.key.is_of_the_engine()) {
            let message = format!("`{}` is for tests of rules", check.key.name());
            findings.add_with_hint(expectation.place, message, "nobody can see it from outside of the engine");
        }
        if expectation.at > end {
            let hint = "let it last longer, or give it a recovery";
            findings.add_with_hint(expectation.place, format!("all is over at {}", write_duration(end)), hint);
        }
    }
    expectations
}

/// From when on the artifact compares, and what it must say.
fn artifact(written: &ExperimentFile, end: Duration, findings: &mut Findings) -> (Duration, Vec<(Vital, f64, f64)>) {
    let Some(artifact) = &written.artifact else { return (Duration::ZERO, Vec::new()) };
    let from = artifact.value.from.as_ref().and_then(|from| Some((from.read(findings)?, from.place)));
    if let Some((_, place)) = from.filter(|(from, _)| *from >= end) {
        findings.add(place, format!("the experiment is over at {}", write_duration(end)));
    }
    let mut deltas = Vec::new();
    for entry in artifact.value.delta.iter().flatten() {
        let vital = Vital::ALL.into_iter().find(|vital| vital.name() == entry.name);
        match (vital, entry.value.read(findings)) {
            (Some(vital), Some(span)) => deltas.push((vital, span.0, span.1)),
            (None, _) => {
                let hint = Vital::ALL.map(Vital::name).join(", ");
                findings.add_with_hint(entry.place, format!("`{}` is no vital", entry.name), format!("one of {hint}"));
            }
            (Some(_), None) => {}
        }
    }
    (from.map_or(Duration::ZERO, |(from, _)| from), deltas)
}
