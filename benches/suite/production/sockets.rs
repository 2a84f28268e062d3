//! What a service of its own holds in memory with a thousand viewers.

use std::time::Duration;

use super::Production;
use crate::Bench;
use crate::crowd::Crowd;
use crate::peers::iskra::viewer;
use crate::report::{Report, Row};

const VIEWERS: usize = 1_000;
const AT_ONCE: usize = 50;
/// Long enough for some heartbeats to each.
const SETTLE: Duration = Duration::from_secs(3);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let production = Production::start(bench, 1, &[]).await?;
    for service in [&production.pulse, &production.seams, &production.voices] {
        let before = service.process().resident()?.total;
        let mut crowd = Crowd::gather(service.address, &viewer(), VIEWERS, AT_ONCE).await?;
        tokio::time::sleep(SETTLE).await;
        let after = service.process().resident()?.total;
        crowd.leave()?;
        let mib = |kib: u64| kib as f64 / 1024.0;
        report.add(Row {
            what: format!("production: memory of {} with {VIEWERS} idle viewers", service.name),
            aim: "≤ 48 MiB",
            figure: format!("{:.1} MiB", mib(after)),
            limit: format!("without them: {:.1} MiB", mib(before)),
            ratio: Some(after as f64 / before as f64),
        })?;
    }
    Ok(())
}
