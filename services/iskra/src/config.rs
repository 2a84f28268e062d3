//! Prints the settings in force, and where each was set.

use std::process::ExitCode;

use crate::cli::SettingsArguments;
use crate::say;

pub(crate) fn run(arguments: &SettingsArguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.load(&[])?;
    let _is_read = say::out(settings.describe().trim_end());
    Ok(ExitCode::SUCCESS)
}
