//! What people do in a test, and the runner of an experiment.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::{Outcome, Simulated, StopCondition, limits};
use stories::{Acknowledge, CommandFile, Names};
use yaml_file::{Findings, Located, Place};

use super::file::TestCommandFile;

/// A runner that does not say for how long asks for this.
const LASTS: Duration = Duration::from_secs(600);
/// While a runner goes on it is heard of so often.
const HEARD_EVERY: Duration = Duration::from_secs(5);

/// Something done at a moment.
#[derive(Debug)]
pub(super) struct Act {
    /// Since the test's start.
    pub(super) at: Duration,
    pub(super) what: Deed,
}

/// What is done.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Acknowledge { place: Place, rule: String, by: String },
    Begin { name: String, simulated: Option<Simulated>, lasts: Duration, stop: Vec<StopCondition> },
    Steer { phase: String, dose: u8 },
    Conclude { outcome: Outcome },
}

/// All that is done, in the order of time; what is wrong is added to the findings.
pub(super) fn read(commands: &[Located<TestCommandFile>], names: &Names, findings: &mut Findings) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut has_begun = false;
    for command in commands {
        let file = &command.value;
        foreign_fields(command, findings);
        let kinds =
            [file.acknowledge.is_some(), file.experiment.is_some(), file.steer.is_some(), file.conclude.is_some()];
        if kinds.into_iter().filter(|is_written| *is_written).count() != 1 {
            let hint = "like { at: 70s, acknowledge: pain_critical_high }";
            findings.add_with_hint(command.place, "a command is one of acknowledge, experiment, steer, conclude", hint);
            continue;
        }
        if file.experiment.is_some() {
            has_begun = true;
        } else if file.acknowledge.is_none() && !has_begun {
            findings.add_with_hint(
                command.place,
                "no experiment was begun before",
                "like { at: 0s, experiment: play }",
            );
        }
        let what = deed(command, names, findings);
        if let (Some(at), Some(what)) = (file.at.read(findings), what) {
            acts.extend(heard(file, at, findings).into_iter().map(|at| Act { at, what: what.clone() }));
        }
    }
    // A runner goes on while other things happen.
    acts.sort_by_key(|act| act.at);
    acts
}

fn deed(command: &Located<TestCommandFile>, names: &Names, findings: &mut Findings) -> Option<Deed> {
    let file = &command.value;
    if let Some(acknowledge) = &file.acknowledge {
        let value = CommandFile { at: file.at.clone(), acknowledge: acknowledge.clone(), by: file.by.clone() };
        let Acknowledge { place, rule, by, .. } =
            Acknowledge::read(&Located { value, place: command.place }, names, findings)?;
        return Some(Deed::Acknowledge { place, rule, by });
    }
    if let Some(name) = &file.experiment {
        let stop: Vec<_> = file.stop.iter().flatten().collect();
        for condition in stop.iter().filter(|stop| stop.value.above.is_none() && stop.value.below.is_none()) {
            findings.add_with_hint(condition.place, "this stops nothing", "like { vital: pain, above: 0.6 }");
        }
        let lasts = file.lasts.as_ref().map_or(Some(LASTS), |lasts| lasts.read(findings))?;
        let stop = stop.into_iter().map(|stop| stop.value).collect();
        return Some(Deed::Begin { name: name.read(findings)?, simulated: file.simulated, lasts, stop });
    }
    if let Some(phase) = &file.steer {
        let dose = file.dose.as_ref().map_or(Some(0.0), |dose| dose.read(findings))?;
        let Some(dose) = (0..=limits::LARGEST_DOSE).find(|whole| f64::from(*whole) == dose) else {
            let place = file.dose.as_ref().map_or(command.place, |dose| dose.place);
            findings.add(place, format!("a dose is a whole number from 0 to {}", limits::LARGEST_DOSE));
            return None;
        };
        return Some(Deed::Steer { phase: phase.read(findings)?, dose });
    }
    let outcome = file.conclude.as_ref()?;
    if !matches!(outcome.value, Outcome::Passed | Outcome::Failed | Outcome::Stopped) {
        let hint = "there are passed, failed, stopped: all else is the engine's to say";
        findings.add_with_hint(outcome.place, format!("nobody concludes that it is `{}`", outcome.value.name()), hint);
    }
    Some(Deed::Conclude { outcome: outcome.value })
}

/// When it is done: once, but for a runner that goes on.
fn heard(file: &TestCommandFile, at: Duration, findings: &mut Findings) -> Vec<Duration> {
    let until =
        file.until.as_ref().and_then(|until| until.read(findings)).unwrap_or(at).min(at + limits::LONGEST_EXPERIMENT);
    std::iter::successors(Some(at), |at| Some(*at + HEARD_EVERY))
        .take_while(|now| *now == at || *now <= until)
        .collect()
}

/// A field of another command would be silently without effect.
fn foreign_fields(command: &Located<TestCommandFile>, findings: &mut Findings) {
    let file = &command.value;
    let mut check = |of: &str, is_of: bool, name: &str, is_written: bool| {
        if is_written && !is_of {
            findings.add(command.place, format!("`{name}` is for `{of}`"));
        }
    };
    check("acknowledge", file.acknowledge.is_some(), "by", file.by.is_some());
    check("experiment", file.experiment.is_some(), "simulated", file.simulated.is_some());
    check("experiment", file.experiment.is_some(), "lasts", file.lasts.is_some());
    check("experiment", file.experiment.is_some(), "stop", file.stop.is_some());
    check("steer", file.steer.is_some(), "dose", file.dose.is_some());
    check("steer", file.steer.is_some(), "until", file.until.is_some());
}

/// The phases that the runners of a test tell of.
pub(super) fn phases(commands: &[Located<TestCommandFile>]) -> Vec<String> {
    let phase = |command: &Located<TestCommandFile>| command.value.steer.as_ref()?.read(&mut Findings::default());
    commands.iter().filter_map(phase).collect::<BTreeSet<_>>().into_iter().collect()
}
