//! Checks everything that a start would read, and tells all that is wrong at once.

use std::fmt::Display;
use std::path::Path;
use std::process::ExitCode;

use rules::Rules;
use settings::Secrets;

use crate::cli::CheckArguments;
use crate::say;

/// The file of the built-in producers.
const SOURCES: &str = "sources.yml";

pub(crate) fn run(arguments: CheckArguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.into_settings();
    let folder = settings.folder();
    let rules = folder.as_deref().map_or_else(|| Ok(Rules::built_in()), Rules::load_folder);
    let sources = own(folder.as_deref(), SOURCES).map(|path| sources::Sources::load(&path)).transpose();
    let secrets = match &sources {
        Ok(Some(sources)) => pulse::check(sources, &Secrets::of_process()).map(|()| Vec::new()),
        _ => Ok(Vec::new()),
    };
    let sources = sources.map(|own| vec![format!("{SOURCES}: {}", origin(own.is_some()))]);
    let settings = settings.load(&[]).and_then(|settings| assembly::check(&settings));
    let webhooks = rules.as_ref().map_or(&[][..], |rules| &rules.actions.webhooks);
    let keys = courier::check(webhooks, &Secrets::of_process()).map(|()| Vec::new());
    let all = [
        tell(settings.map(|()| vec!["settings: good".to_owned()])),
        tell(rules.map(|rules| summary(&rules, folder.as_deref()))),
        tell(keys),
        tell(sources),
        tell(secrets),
    ];
    match all.iter().all(|is_good| *is_good) {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::FAILURE),
    }
}

/// A file of the folder, if it is there.
fn own(folder: Option<&Path>, name: &str) -> Option<std::path::PathBuf> {
    folder.map(|folder| folder.join(name)).filter(|path| path.exists())
}

const fn origin(is_own: bool) -> &'static str {
    if is_own { "good" } else { "built in" }
}

/// What good rules hold, file by file.
fn summary(rules: &Rules, folder: Option<&Path>) -> Vec<String> {
    let edges: usize = rules.bands.iter().map(|band| band.edges.len()).sum();
    let triggers: usize = rules.voices.voices.iter().map(|voice| voice.triggers.len()).sum();
    let dry = rules.actions.list.iter().filter(|action| action.is_dry_run).count();
    let steps: usize = rules.escalation.chains.iter().map(Vec::len).sum();
    let contents = [
        format!("{}, {}", count(edges, "edge"), count(rules.objectives.burns.len(), "burn alert")),
        format!("{}, {} derived", count(rules.signals.produced.len(), "signal"), rules.signals.derived.len()),
        format!(
            "{}, {}, {}, {}",
            count(rules.voices.voices.len(), "voice"),
            count(triggers, "trigger"),
            count(rules.symbols.len(), "symbol"),
            count(rules.tones.len(), "tone")
        ),
        format!(
            "{} ({dry} of them dry), {}{}",
            count(rules.actions.list.len(), "action"),
            count(rules.actions.webhooks.len(), "webhook"),
            if rules.actions.is_enabled { "" } else { ", switched off" }
        ),
        count(rules.states.list.len(), "state"),
        format!(
            "{}, {}, {}",
            count(steps, "step"),
            count(rules.escalation.maintenance.len(), "maintenance window"),
            count(rules.escalation.chaos.len(), "chaos window")
        ),
    ];
    let lines = rules::FILES.iter().zip(contents).map(|(name, contents)| {
        let is_own = own(folder, name).is_some();
        format!("{name}: {}: {contents}", origin(is_own))
    });
    lines.chain([format!("hash of the rules: {}", rules.hash)]).collect()
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn tell<E: Display>(outcome: Result<Vec<String>, E>) -> bool {
    match outcome {
        Ok(lines) => lines.iter().all(|line| say::out(line)),
        Err(error) => {
            say::note(&format!("{error:#}"));
            false
        }
    }
}
