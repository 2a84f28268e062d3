//! Makes an artifact from what was changed, for a person to complete.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use changes::{Draft, Measured};
use clap::Args;

use super::repository::ChangeArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(
    after_help = "What git can count is counted, from where the change left its base to its end; what is not known is left \
        out, and the status is WARN until a person has completed it:\n  \
        iskra delta generate --base main\n  \
        iskra delta generate --base origin/main --pr 12 --out .iskra/artifacts/12-faster-start.json\n\n\
        The same commits give the same artifact; docs/artifacts-in-git.md explains each figure.\n\
        Exit code: 0 it was made, 2 it could not be."
)]
pub(crate) struct GenerateArguments {
    #[command(flatten)]
    change: ChangeArguments,
    /// Writes it there; a file that is there is never written over [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &GenerateArguments) -> anyhow::Result<ExitCode> {
    let (repository, base, head) = arguments.change.open()?;
    let measured = Measured::of(&repository, &base, &head)?;
    let text = Draft::of(&measured, arguments.change.title(), arguments.change.pr).to_json();
    let Some(path) = &arguments.out else {
        let _is_read = say::out(text.trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let write = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
    };
    write().with_context(|| format!("cannot write {}", path.display()))?;
    say::note(&format!("{}: now complete it, as its next_steps say", path.display()));
    Ok(ExitCode::SUCCESS)
}
