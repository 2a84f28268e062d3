//! Brings the tables of the configured store up to date, or says whether they are.

use std::process::ExitCode;

use crate::cli::MigrateArguments;
use crate::say;

pub(crate) fn run(arguments: &MigrateArguments) -> anyhow::Result<ExitCode> {
    let settings = arguments.settings.load(&[])?;
    let runtime = assembly::start_process(&settings)?;
    let place = settings.storage.place();
    let (word, migrations) = match arguments.check {
        true => ("missing", runtime.block_on(assembly::pending(&settings))?),
        false => ("applied", runtime.block_on(assembly::migrate(&settings))?),
    };
    let mut lines: Vec<_> = migrations.iter().map(|(number, what)| format!("{word} {number:04} {what}")).collect();
    let is_up_to_date = !arguments.check || migrations.is_empty();
    lines.push(match is_up_to_date {
        true => format!("the tables of {place} are up to date"),
        false => format!("the tables of {place} are not up to date: run `iskra migrate`"),
    });
    let _is_read = say::out(&lines.join("\n"));
    Ok(if is_up_to_date { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
