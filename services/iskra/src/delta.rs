//! ∆DΩΛ artifacts on the command line.

mod validate;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use self::validate::ValidateArguments;

#[derive(Args, Debug)]
#[command(after_help = "docs/artifacts.md tells what an artifact is.")]
pub(crate) struct DeltaArguments {
    #[command(subcommand)]
    command: Delta,
}

#[derive(Debug, Subcommand)]
enum Delta {
    /// Checks artifacts, and tells all that is wrong with them
    Validate(ValidateArguments),
}

pub(crate) fn run(arguments: &DeltaArguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Delta::Validate(arguments) => validate::run(arguments),
    }
}
