//! From the moment at which a sample was due to be sent until a viewer has it.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use domain::Timestamp;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::report::{Report, Row, histogram, millis, quantiles, record};
use crate::samples::now;
use crate::viewer::Viewer;
use crate::{Bench, pace};

const WARM_UP: Duration = Duration::from_secs(2);
const LENGTH: Duration = Duration::from_secs(10);
/// How many look on.
pub(crate) const VIEWERS: [usize; 2] = [1, 50];

/// What the producers and the viewers saw.
pub(crate) struct Seen {
    pub(crate) acknowledged: Histogram<u64>,
    pub(crate) delivered: Histogram<u64>,
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for viewers in VIEWERS {
        let suite = bench.start_quiet(&[])?;
        let seen = look(suite.pulse, suite.pulse, viewers).await?;
        let cpu = suite.process.cpu()?;
        suite.stop()?;
        let bare = Bare::start()?;
        let bare = look(bare.address, bare.address, viewers).await?;
        report.add(Row {
            what: format!("sample due → {viewers} viewers have it, {}/s", pace::RATE),
            aim: "p99 ≤ 10 ms",
            figure: quantiles(&seen.delivered),
            limit: format!("axum broadcast, not stored: {}", quantiles(&bare.delivered)),
            ratio: Some(millis(&seen.delivered, 0.99) / millis(&bare.delivered, 0.99)),
        })?;
        report.note("— sample due → acknowledged", quantiles(&seen.acknowledged))?;
        let share = 100.0 * cpu.as_secs_f64() / (WARM_UP + LENGTH).as_secs_f64();
        report.note("— CPU of the suite", format!("{share:.0} % of a core"))?;
    }
    Ok(())
}

/// Sends to `door`, while so many look at what `dashboard` shows.
pub(crate) async fn look(door: SocketAddr, dashboard: SocketAddr, viewers: usize) -> anyhow::Result<Seen> {
    let expected = pace::samples(WARM_UP) + pace::samples(LENGTH);
    let from = now().plus(WARM_UP);
    let mut looking = JoinSet::new();
    for _ in 0..viewers {
        let viewer = Viewer::open(dashboard, r#","channels":["clarity","chaos","trust","pain"]"#).await?;
        looking.spawn(note(viewer, from, expected));
    }
    let acknowledged = pace::send(door, WARM_UP + LENGTH).await?;
    let mut delivered = histogram();
    while let Some(seen) = looking.join_next().await {
        delivered.add(seen?.context("a viewer")?)?;
    }
    Ok(Seen { acknowledged, delivered })
}

/// Waits for all samples, and notes the times of those that were due after `from`.
async fn note(mut viewer: Viewer, from: Timestamp, expected: u64) -> anyhow::Result<Histogram<u64>> {
    let mut delivered = histogram();
    let (mut came, mut is_merged) = (0, false);
    while came < expected {
        viewer
            .wait_for(|frame| {
                for sample in &frame.samples {
                    if sample.at >= from {
                        record(&mut delivered, now().since(sample.at));
                    }
                }
                came += frame.samples.len() as u64;
                is_merged |= !frame.merged.is_empty();
                // Patience is for the next ones, not for all.
                !frame.samples.is_empty() || is_merged
            })
            .await
            .with_context(|| format!("{came} of {expected} samples came"))?;
        // A summary does not tell when each of its samples was due: the slowest ones would be left out.
        anyhow::ensure!(!is_merged, "samples came merged: how late they came is not known");
    }
    Ok(delivered)
}
