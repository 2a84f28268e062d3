//! Tells in which figures two artifacts differ.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;

use super::found::{self, Found};
use super::repository::RepositoryArguments;
use crate::language::LanguageArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(after_help = "  iskra delta diff 11-first-try 12-faster-start\n\n\
        Exit code: 0 they say the same, 1 they differ, 2 one could not be found or read.")]
pub(crate) struct DiffArguments {
    /// A file, or a part of the name of an artifact in this repository
    one: String,
    /// The other
    other: String,
    #[command(flatten)]
    repository: RepositoryArguments,
    #[command(flatten)]
    language: LanguageArguments,
}

pub(super) fn run(arguments: &DiffArguments) -> anyhow::Result<ExitCode> {
    let repository = arguments.repository.open()?;
    let figures = |name| {
        let found: Found = found::find(&repository, name)?;
        anyhow::Ok(found::figures(&found.record(arguments.language.language())?))
    };
    let lines = lines(figures(&arguments.one)?, figures(&arguments.other)?);
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(if lines.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is gone, what is new and what is another, by place.
fn lines(one: Vec<(String, String)>, other: Vec<(String, String)>) -> Vec<String> {
    let one: BTreeMap<_, _> = one.into_iter().collect();
    let other: BTreeMap<_, _> = other.into_iter().collect();
    let gone = one.iter().filter_map(|(at, before)| match other.get(at) {
        None => Some((at, format!("- {at}  {before}"))),
        Some(after) if before != after => Some((at, format!("~ {at}  {before} -> {after}"))),
        Some(_) => None,
    });
    let new = other.iter().filter(|(at, _)| !one.contains_key(*at)).map(|(at, after)| (at, format!("+ {at}  {after}")));
    let mut lines: Vec<_> = gone.chain(new).collect();
    lines.sort();
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn only_what_differs_is_told() {
        let figures = |text: &str| {
            text.split(' ')
                .filter_map(|pair| pair.split_once('='))
                .map(|(at, value)| (at.into(), value.into()))
                .collect()
        };
        assert_eq!(lines(figures("a=1 b=2 c=3"), figures("a=1 c=4 d=5")), ["- b  2", "~ c  3 -> 4", "+ d  5"]);
        assert!(lines(figures("a=1"), figures("a=1")).is_empty());
    }
}
