//! Checks everything that a start would read, and tells all that is wrong at once.

use std::fmt::Display;
use std::process::ExitCode;

use crate::cli::SettingsArguments;
use crate::say;

pub(crate) fn run(arguments: &SettingsArguments) -> anyhow::Result<ExitCode> {
    let folder = arguments.folder();
    let from = |name: &str| folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists());
    let bands = "slo-thresholds-matrix.yml";
    let producers = "sources.yml";
    let rules = from(bands).map(|path| rules::Rules::load(&path).map(drop));
    let sources = from(producers).map(|path| sources::Sources::load(&path).map(drop));
    let settings = arguments.load(&[]).and_then(|settings| assembly::check(&settings));
    let all = [tell("settings", Some(settings)), tell(bands, rules), tell(producers, sources)];
    match all.iter().all(|is_good| *is_good) {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}

fn tell<E: Display>(what: &str, outcome: Option<Result<(), E>>) -> bool {
    match outcome {
        None => say::out(&format!("{what}: built in")),
        Some(Ok(())) => say::out(&format!("{what}: good")),
        Some(Err(error)) => {
            say::note(&format!("{error:#}"));
            false
        }
    }
}
