//! Asks a service whether it can do its work.

use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use url::Url;

use crate::ask::ask;
use crate::say;

#[derive(Args, Debug)]
#[command(after_help = "For supervisors that cannot ask by HTTP themselves, as that of a container.\n\
        Exit code: 0 it is ready, 1 it is not, and what is wrong is told.")]
pub(crate) struct HealthArguments {
    /// Where the service listens
    #[arg(long, default_value = "http://127.0.0.1:3001", env = "ISKRA_URL")]
    url: Url,
}

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
