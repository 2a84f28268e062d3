//! How the price of fan-out grows with viewers and with messages.

use std::time::Duration;

use crate::Bench;
use crate::cost::{Cost, Task, cost};
use crate::peers::Peer;
use crate::report::{Report, Row, millis, quantiles};

const TASK: Task = Task {
    viewers: 500,
    rate: 100.0,
    gather: Duration::ZERO,
    warm_up: Duration::from_millis(500),
    length: Duration::from_secs(3),
};
const VIEWERS: [usize; 5] = [10, 100, 500, 1_000, 2_000];
/// Messages a second; a hundred is among the above.
const RATES: [f64; 2] = [10.0, 1_000.0];

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let by_viewers = VIEWERS.into_iter().map(|viewers| Task { viewers, ..TASK });
    for task in by_viewers.chain(RATES.into_iter().map(|rate| Task { rate, ..TASK })) {
        let bare = one(bench, report, Peer::Bare, task).await?;
        let iskra = one(bench, report, Peer::Iskra, task).await?;
        plot(report, Peer::Bare, bare.as_ref())?;
        plot(report, Peer::Iskra, iskra.as_ref())?;
        report.add(Row {
            what: format!("growth: {}/s to {} viewers", task.rate, task.viewers),
            aim: "",
            figure: describe(iskra.as_ref()),
            limit: format!("axum broadcast: {}", describe(bare.as_ref())),
            ratio: iskra.zip(bare).map(|(iskra, bare)| iskra.of_each() / bare.of_each()),
        })?;
    }
    Ok(())
}

async fn one(bench: &Bench, report: &mut Report, peer: Peer, task: Task) -> anyhow::Result<Option<Cost>> {
    let Some(server) = peer.start(bench, report).await? else { return Ok(None) };
    match cost(&server, task).await {
        Ok(cost) => Ok(Some(cost)),
        // It is too much for a server that sends those away who are late.
        Err(error) => {
            report.note(
                &format!("— {}: {}/s to {} viewers", peer.name(), task.rate, task.viewers),
                format!("{error:#}"),
            )?;
            Ok(None)
        }
    }
}

fn plot(report: &mut Report, peer: Peer, cost: Option<&Cost>) -> anyhow::Result<()> {
    let Some(cost) = cost else { return Ok(()) };
    let Task { viewers, rate, .. } = cost.task;
    if rate == TASK.rate {
        report.point("fanout-cost", peer.name(), viewers as f64, cost.of_each())?;
        for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
            let series = format!("{}, {name}", peer.name());
            report.point("fanout-latency", &series, viewers as f64, millis(&cost.seen.took, quantile))?;
        }
    }
    if viewers == TASK.viewers {
        report.point("fanout-rate", peer.name(), rate, cost.of_each())?;
    }
    Ok(())
}

fn describe(cost: Option<&Cost>) -> String {
    let Some(cost) = cost else { return "failed".to_owned() };
    let merged = match cost.seen.merged() {
        0 => String::new(),
        merged => format!(", {merged} merged, {:.0} % came singly", 100.0 * cost.delivered_share()),
    };
    format!("{:.2} µs of CPU each; {}{merged}", cost.of_each(), quantiles(&cost.seen.took))
}
