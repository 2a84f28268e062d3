//! Moves the artifacts of what was merged into the archive.

use std::process::ExitCode;

use changes::{ARCHIVE, Moved};
use clap::Args;

use super::repository::RepositoryArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(
    after_help = "Each goes from .iskra/artifacts to .iskra/delta-omega-lambda-archive/YYYY-MM-DD/, the day on which it was \
        merged, and gets a line in index.jsonl. Nothing in the archive is ever changed; archiving twice is archiving once. \
        What is not committed, or was changed since, stays where it is.\n\
        Exit code: 0 all that was merged is archived, 1 something had to stay, 2 it could not be done."
)]
pub(crate) struct ArchiveArguments {
    #[command(flatten)]
    repository: RepositoryArguments,
}

pub(super) fn run(arguments: &ArchiveArguments) -> anyhow::Result<ExitCode> {
    let repository = arguments.repository.open()?;
    let moved = changes::archive(&repository, &repository.commit("HEAD")?)?;
    let mut code = ExitCode::SUCCESS;
    for one in &moved {
        match one {
            Moved::Archived { name, file } => {
                let _is_read = say::out(&format!("{name} -> {ARCHIVE}/{file}"));
            }
            Moved::Left { path, why } => {
                say::error(&format!("{} stays: {why}", artifacts::visible(path)));
                code = ExitCode::FAILURE;
            }
        }
    }
    if moved.is_empty() {
        say::note("nothing to archive");
    }
    Ok(code)
}
