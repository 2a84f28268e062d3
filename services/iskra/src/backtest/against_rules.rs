//! Judges the same samples by two sets of rules.

use std::sync::Arc;
use std::time::Duration;

use backtest::{Comparison, Moment, Past, Period};
use durable_log::Log;
use rules::Rules;

use super::report::Report;
use super::{BacktestArguments, FailOn};
use crate::past::subjects;
use crate::say;

/// How far back it is looked, if nobody says.
const SINCE: Moment = Moment::Ago(Duration::from_secs(7 * 86_400));

/// Whether all is well.
pub(super) async fn run(
    arguments: &BacktestArguments,
    log: &Arc<dyn Log>,
    rules: [Arc<Rules>; 2],
) -> anyhow::Result<bool> {
    let now = log.now();
    let until = arguments.until.map_or(now, |until| until.before(now)).min(now);
    let since = arguments.since.unwrap_or(SINCE).before(now);
    anyhow::ensure!(since < until, "--since must lie before --until: nothing was asked for");
    let period = Period { since, until };
    let hashes = rules.each_ref().map(|rules| rules.hash.clone());

    let subjects = subjects(&arguments.subjects, &**log).await?;
    let past = Past { subjects, period, warm_up: arguments.warm_up };
    let Comparison { samples, figures: [in_force, candidate] } = past.compare(log, rules).await?;
    let report = Report::new(period, arguments.warm_up, hashes, samples, &in_force, &candidate);
    let _is_read = match arguments.json {
        true => say::out(&report.to_json()),
        false => report.lines().iter().all(|line| say::out(line)),
    };
    Ok(match arguments.fail_on {
        FailOn::Any => !report.differs(),
        FailOn::MoreTold => !report.tells_more(),
        FailOn::Never => true,
    })
}
