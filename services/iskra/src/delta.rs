//! ∆DΩΛ artifacts on the command line.

mod archive;
mod diff;
mod found;
mod gate;
mod generate;
mod list;
mod repository;
mod show;
mod validate;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::archive::ArchiveArguments;
use self::diff::DiffArguments;
use self::gate::GateArguments;
use self::generate::GenerateArguments;
use self::list::ListArguments;
use self::show::ShowArguments;
use self::validate::ValidateArguments;
use crate::say;

#[derive(Args, Debug)]
#[command(
    after_help = "docs/artifacts.md tells what an artifact is, docs/artifacts-in-git.md how it goes with a change."
)]
pub(crate) struct DeltaArguments {
    #[command(subcommand)]
    command: Delta,
}

#[derive(Debug, Subcommand)]
enum Delta {
    /// Checks artifacts, and tells all that is wrong with them
    Validate(ValidateArguments),
    /// Makes an artifact from what was changed, for a person to complete
    Generate(GenerateArguments),
    /// Decides whether a change may be merged: no ∆DΩΛ, no merge
    Gate(GateArguments),
    /// Moves the artifacts of what was merged into the archive
    Archive(ArchiveArguments),
    /// Lists the artifacts of a repository, and checks its archive
    List(ListArguments),
    /// Shows an artifact: what it is worth, and its figures
    Show(ShowArguments),
    /// Tells in which figures two artifacts differ
    Diff(DiffArguments),
}

pub(crate) fn run(arguments: &DeltaArguments) -> anyhow::Result<ExitCode> {
    let outcome = match &arguments.command {
        Delta::Validate(arguments) => validate::run(arguments),
        Delta::Generate(arguments) => generate::run(arguments),
        Delta::Gate(arguments) => gate::run(arguments),
        Delta::Archive(arguments) => archive::run(arguments),
        Delta::List(arguments) => list::run(arguments),
        Delta::Show(arguments) => show::run(arguments),
        Delta::Diff(arguments) => diff::run(arguments),
    };
    // 1 is an answer here (blocked, not valid, different): what could not be answered is 2.
    Ok(outcome.unwrap_or_else(|error| {
        say::error(&format!("{error:#}"));
        ExitCode::from(2)
    }))
}
