//! Lists the artifacts of a repository, and says whether its archive is as it was written.

use std::path::Path;
use std::process::ExitCode;

use changes::{ARTIFACTS, INDEX};
use clap::Args;
use serde_json::json;

use super::found;
use super::repository::RepositoryArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(
    after_help = "Each line of the archive's index holds the SHA-256 of its file and of the line before, so that --verify \
        finds whatever was changed, left out or put in.\n\
        Exit code: 0, 1 with --verify if the archive is not as it was written, 2 it could not be read."
)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    repository: RepositoryArguments,
    /// Checks every file and every line of the archive
    #[arg(long)]
    verify: bool,
    /// Prints JSON instead
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &ListArguments) -> anyhow::Result<ExitCode> {
    let repository = arguments.repository.open()?;
    let work_tree = repository.work_tree();
    if arguments.verify {
        return verify(work_tree, arguments.json);
    }
    let index = changes::index(work_tree)?;
    let waiting = changes::waiting(work_tree)?;
    let status =
        |name: &String| found::read(&work_tree.join(ARTIFACTS).join(name)).map(|bytes| artifacts::check(&bytes).status);
    let waiting = waiting.iter().map(|name| Ok((name, status(name)?))).collect::<anyhow::Result<Vec<_>>>()?;
    let lines: Vec<String> = match arguments.json {
        true => {
            let waiting: Vec<_> =
                waiting.iter().map(|(name, status)| json!({ "file": name, "status": status.name() })).collect();
            vec![serde_json::to_string_pretty(&json!({ "archived": index.lines(), "waiting": waiting }))?]
        }
        false => {
            let archived = index.lines().iter().map(|line| format!("{:5}  {}", line.status.name(), line.file));
            let waiting = waiting.iter().map(|(name, status)| format!("{:5}  waiting     {name}", status.name()));
            archived.chain(waiting).collect()
        }
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(ExitCode::SUCCESS)
}

fn verify(work_tree: &Path, is_json: bool) -> anyhow::Result<ExitCode> {
    let wrong = changes::verify(work_tree)?;
    let lines = match is_json {
        true => vec![json!({ "good": wrong.is_empty(), "wrong": wrong }).to_string()],
        false if wrong.is_empty() => vec![format!("good: every file is as {INDEX} says")],
        false => wrong.iter().map(|wrong| artifacts::visible(wrong)).collect(),
    };
    let _is_read = lines.iter().all(|line| say::out(line));
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
