//! Shows an artifact: what it is worth, and its figures one a line.

use std::process::ExitCode;

use clap::Args;

use super::found;
use super::repository::RepositoryArguments;
use crate::language::LanguageArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(after_help = "  iskra delta show 12-faster-start\n  \
        iskra delta show .iskra/delta-omega-lambda-archive/2026-01-01/12-faster-start.json --json\n\n\
        Exit code: 0, 2 it could not be found or read.")]
pub(crate) struct ShowArguments {
    /// A file, or a part of the name of an artifact in this repository
    name: String,
    #[command(flatten)]
    repository: RepositoryArguments,
    /// Prints the record itself
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    language: LanguageArguments,
}

pub(super) fn run(arguments: &ShowArguments) -> anyhow::Result<ExitCode> {
    let found = found::find(&arguments.repository.open()?, &arguments.name)?;
    let language = arguments.language.language();
    let record = found.record(language)?;
    if arguments.json {
        let _is_read = say::out(&serde_json::to_string_pretty(&record)?);
        return Ok(ExitCode::SUCCESS);
    }
    let checked = artifacts::check(&found.bytes);
    let mut lines = vec![format!("{}  {}", checked.status.name(), artifacts::visible(&found.path.to_string_lossy()))];
    lines.extend(checked.findings.iter().map(|finding| {
        format!("  {} {}  {}", finding.severity.status().name(), finding.code, finding.message.get(language))
    }));
    lines.push(String::new());
    let figures = found::figures(&record);
    let width = figures.iter().map(|(at, _)| at.chars().count()).max().unwrap_or(0).min(40);
    lines.extend(figures.iter().map(|(at, value)| format!("{at:width$}  {value}")));
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(ExitCode::SUCCESS)
}
