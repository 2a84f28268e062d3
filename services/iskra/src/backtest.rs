//! Judges the past anew: under other rules, or to see that the log holds what the engine concludes. docs/backtest.md
//! explains the answers.

mod against_log;
mod against_rules;
mod arguments;
mod report;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use rules::Rules;

use crate::say;
use arguments::{Against, FailOn};
pub(crate) use arguments::{BacktestArguments, InForce};

/// Something differs.
const DIFFERENT: u8 = 1;
/// The question cannot be answered.
const UNANSWERED: u8 = 2;

pub(crate) fn run(arguments: &BacktestArguments) -> ExitCode {
    match answer(arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(DIFFERENT),
        Err(error) => {
            say::error(&format!("{error:#}"));
            ExitCode::from(UNANSWERED)
        }
    }
}

/// Whether all is well, by what the arguments call well.
fn answer(arguments: &BacktestArguments) -> anyhow::Result<bool> {
    let settings = arguments.settings.load()?;
    let folder = arguments.settings.folder();
    let in_force = Arc::new(load(folder.as_deref().as_slice()).context("the rules in force cannot be used")?);
    let candidate = arguments.config.as_deref().map(|tried| {
        // A folder may hold no more than what is changed; what the log was judged by then was all that its folder had.
        let below = folder.as_deref().filter(|_| arguments.against() == Against::Rules);
        let folders: Vec<&Path> = [Some(tried), below].into_iter().flatten().collect();
        load(&folders).map(Arc::new).context("the rules that are tried cannot be used")
    });
    let candidate = candidate.transpose()?;
    let runtime = assembly::start_process(&settings)?;
    runtime.block_on(async {
        let log = assembly::open_to_read(&settings).await?;
        let outcome = match (arguments.against(), candidate) {
            (Against::Log, candidate) => against_log::run(arguments, &log, candidate.unwrap_or(in_force)).await,
            (Against::Rules, candidate) => {
                let candidate = candidate.context("--config names the folder of the rules to try")?;
                against_rules::run(arguments, &log, [in_force, candidate]).await
            }
        };
        log.close().await;
        outcome
    })
}

fn load(folders: &[&Path]) -> anyhow::Result<Rules> {
    Ok(if folders.is_empty() { Rules::built_in() } else { Rules::load_folders(folders)? })
}
