//! Who did what.

use std::process::ExitCode;

use access::{Act, ActFilter};
use clap::Args;
use serde_json::json;

use crate::cli::SettingsArguments;
use crate::say;
use crate::token::on_store;

#[derive(Args, Debug)]
#[command(
    after_help = "Reads the store that the settings name, the latest first. Rows are only ever added, and forgotten when \
        they are older than storage.retention; the log of each service tells the same under the target `audit`."
)]
pub(crate) struct AuditArguments {
    /// At most this many
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Only those before this number, to read on
    #[arg(long, value_name = "NUMBER")]
    before: Option<u64>,
    /// Prints JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingsArguments,
}

pub(crate) fn run(arguments: &AuditArguments) -> anyhow::Result<ExitCode> {
    let AuditArguments { limit, before, json: is_json, settings } = arguments;
    on_store(settings, async |store| {
        let acts = store.acts(ActFilter { before: *before, limit: *limit }).await?;
        let lines = match is_json {
            true => vec![serde_json::to_string_pretty(&json!({ "acts": acts }))?],
            false if acts.is_empty() => vec!["nothing was done yet".to_owned()],
            false => acts.iter().map(line).collect(),
        };
        let _is_read = lines.iter().all(|line| say::out(line));
        Ok(())
    })
}

fn line(act: &Act) -> String {
    let Act { number, at, token, who, from, what, of, outcome, status } = act;
    let token = token.as_ref().map(|token| format!(" ({token})")).unwrap_or_default();
    let from = from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
    let of = of.as_ref().map(|of| format!(" {of}")).unwrap_or_default();
    let status = status.map(|status| format!(" {status}")).unwrap_or_default();
    format!("{number}  {at}  {who}{token}{from}: {what}{of}: {}{status}", outcome.name())
}
