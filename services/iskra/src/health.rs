//! Asks a service whether it can do its work.

use std::collections::BTreeMap;
use std::process::ExitCode;

use serde::Deserialize;

use crate::ask::ask;
use crate::cli::HealthArguments;
use crate::say;

#[derive(Deserialize)]
struct Ready {
    /// Not everybody is told.
    #[serde(default)]
    details: BTreeMap<String, String>,
}

pub(crate) fn run(arguments: &HealthArguments) -> anyhow::Result<ExitCode> {
    let Ready { details } = ask(&arguments.url, "/-/ready", &[])?;
    let details: Vec<_> = details.iter().map(|(what, how)| format!(", {what}: {how}")).collect();
    let _is_read = say::out(&format!("ready{}", details.concat()));
    Ok(ExitCode::SUCCESS)
}
