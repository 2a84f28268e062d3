//! What an idle WebSocket costs in memory.

use std::time::Duration;

use tokio::task::JoinSet;

use crate::Bench;
use crate::report::{Report, Row};
use crate::viewer::Viewer;

const VIEWERS: usize = 1_000;
/// Viewers that are there before, so that what the first ones need is not counted.
const WARM_UP: usize = 50;
/// Long enough for some heartbeats to each.
const SETTLE: Duration = Duration::from_secs(3);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let suite = bench.start_quiet(&[])?;
    let mut looking = JoinSet::new();
    for _ in 0..WARM_UP {
        looking.spawn(Viewer::open(suite.pulse, "").await?.look_on());
    }
    tokio::time::sleep(SETTLE).await;
    let before = suite.process.resident()?.total;
    for _ in 0..VIEWERS {
        looking.spawn(Viewer::open(suite.pulse, "").await?.look_on());
    }
    tokio::time::sleep(SETTLE).await;
    let after = suite.process.resident()?.total;
    anyhow::ensure!(looking.try_join_next().is_none(), "a viewer was sent away");
    suite.stop()?;
    report.add(Row {
        what: format!("memory for each of {VIEWERS} idle WebSockets"),
        aim: "≤ 16 KiB",
        figure: format!("{:.1} KiB", after.saturating_sub(before) as f64 / VIEWERS as f64),
        limit: format!("the whole process: {} KiB", after),
        ratio: None,
    })
}
