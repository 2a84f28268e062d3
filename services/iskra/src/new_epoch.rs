//! Gives a restored log a new epoch.

use std::process::ExitCode;

use crate::cli::SettingsArguments;
use crate::say;

pub(crate) fn run(arguments: &SettingsArguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.load(&[])?;
    let runtime = assembly::start_process(&settings)?;
    runtime.block_on(assembly::new_epoch(&settings))?;
    let place = settings.storage.place();
    let _is_read = say::out(&format!("the log in {place} begins a new epoch: whoever reads it will take a snapshot"));
    Ok(ExitCode::SUCCESS)
}
