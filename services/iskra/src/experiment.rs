//! Experiments: on a simulated clock, or on a running suite. docs/experiments.md explains the files.

mod against;
mod arguments;
mod files;
mod outcome;
mod simulated;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use rules::Rules;
use yaml_file::write_duration;

use crate::cli;
use crate::say;
use against::Wanted;
use arguments::{CheckArguments, ExperimentCommand, ListArguments, RunArguments, StopArguments};
pub(crate) use arguments::{DemoArguments, ExperimentArguments};
use outcome::Outcome;

/// The experiment for newcomers.
const DEMO: &str = "demo";
/// Something that had to be seen was not, or a file is wrong.
const FAILED: u8 = 1;
/// It could not be run.
const UNUSABLE: u8 = 2;

pub(crate) fn run(arguments: &ExperimentArguments) -> ExitCode {
    exit_code(match &arguments.command {
        ExperimentCommand::Run(arguments) => run_one(arguments),
        ExperimentCommand::Stop(arguments) => stop(arguments),
        ExperimentCommand::Check(arguments) => check(arguments),
        ExperimentCommand::List(arguments) => list(arguments),
    })
}

/// The scenario for newcomers, on a running suite.
pub(crate) fn demo(arguments: &DemoArguments) -> ExitCode {
    let DemoArguments { against, by, language } = arguments;
    say::note(&format!("Open {against} and watch the subject `demo`; Ctrl-C stops it."));
    exit_code(against::run(against, &Wanted::Named(DEMO), by, language.language()).and_then(|outcome| {
        outcome.tell(None, false)?;
        Ok(outcome.passed)
    }))
}

fn exit_code(outcome: anyhow::Result<bool>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(FAILED),
        Err(error) => {
            say::error(&format!("{error:#}"));
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Whether all that had to be seen was.
fn run_one(arguments: &RunArguments) -> anyhow::Result<bool> {
    let folder = cli::folder(arguments.rules.as_ref());
    let (file, language) = (files::find(&arguments.experiment, folder.as_deref())?, arguments.language.language());
    let outcome = match &arguments.against {
        // The rules that it is checked with are those of the suite.
        Some(url) => against::run(url, &Wanted::File(&file.read()?), &arguments.by, language)?,
        None => {
            let script = Arc::new(file.script(&rules(folder.as_deref())?)?);
            Outcome::of(&simulated::run(&script, &arguments.by, arguments.speed), language)?
        }
    };
    outcome.tell(arguments.out.as_deref(), arguments.json)?;
    Ok(outcome.passed)
}

fn stop(arguments: &StopArguments) -> anyhow::Result<bool> {
    let StopArguments { id, against, by, note } = arguments;
    let experiment = against::stop(against, id, by, note)?;
    // Whoever asked knows it by now.
    let _is_read = say::out(&format!("{} is stopped: {}", experiment.id, experiment.name));
    Ok(true)
}

/// Whether all files are right.
fn check(arguments: &CheckArguments) -> anyhow::Result<bool> {
    let folder = cli::folder(arguments.rules.as_ref());
    let rules = rules(folder.as_deref())?;
    let mut are_right = true;
    for name in &arguments.experiments {
        let line = match files::find(name, folder.as_deref()).and_then(|file| file.script(&rules)) {
            Ok(script) => {
                let (lasts, count) = (write_duration(script.longest()), script.expectations.len());
                format!("{}: fine: {}, {lasts}, {count} expectations", script.file, script.name)
            }
            Err(error) => {
                are_right = false;
                format!("{error:#}")
            }
        };
        if !say::out(&line) {
            break;
        }
    }
    Ok(are_right)
}

fn list(arguments: &ListArguments) -> anyhow::Result<bool> {
    let folder = cli::folder(arguments.rules.as_ref());
    let rules = rules(folder.as_deref())?;
    for file in files::all(folder.as_deref())? {
        let line = match file.script(&rules) {
            Ok(script) => {
                let title = script.title.get(arguments.language.language());
                format!(
                    "{:<24} {:<8} {:<10} {title}",
                    script.name,
                    write_duration(script.longest()),
                    script.subject.as_str()
                )
            }
            Err(_) => format!("{:<24} is wrong: iskra experiment check {}", file.name, file.name),
        };
        if !say::out(&line) {
            break;
        }
    }
    Ok(true)
}

/// The rules of a folder, and the built-in ones for files that it does not have.
fn rules(folder: Option<&Path>) -> anyhow::Result<Arc<Rules>> {
    let rules = match folder {
        Some(folder) => Rules::load_folder(folder).context("the rules cannot be used")?,
        None => Rules::built_in(),
    };
    Ok(Arc::new(rules))
}
