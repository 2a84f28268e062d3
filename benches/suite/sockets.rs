//! What an idle connection costs in memory, beside others.

use std::time::Duration;

use crate::Bench;
use crate::peers::Peer;
use crate::report::{Report, Row};

const VIEWERS: usize = 1_000;
/// Viewers that are there before, so that what the first ones need is not counted.
const WARM_UP: usize = 50;
const AT_ONCE: usize = 50;
/// Long enough for some heartbeats to each.
const SETTLE: Duration = Duration::from_secs(3);
const PEERS: [Peer; 6] = [Peer::Bare, Peer::Iskra, Peer::Nchan, Peer::Nats, Peer::Mosquitto, Peer::SocketIo];

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut limit: Option<f64> = None;
    for peer in PEERS {
        let Some(server) = peer.start(bench, report).await? else { continue };
        let mut first = server.gather(WARM_UP, AT_ONCE).await?;
        tokio::time::sleep(SETTLE).await;
        let before = server.process.shares_of_family()?;
        let mut others = server.gather(VIEWERS, AT_ONCE).await?;
        tokio::time::sleep(SETTLE).await;
        let after = server.process.shares_of_family()?;
        first.leave()?;
        others.leave()?;
        let each = after.saturating_sub(before) as f64 / VIEWERS as f64;
        report.add(Row {
            what: format!("memory for each of {VIEWERS} idle viewers: {}", peer.name()),
            aim: if peer == Peer::Iskra { "≤ 16 KiB, all ≤ 48 MiB" } else { "" },
            figure: format!("{each:.1} KiB; all of it {:.1} MiB", after as f64 / 1024.0),
            limit: limit.map(|limit| format!("axum, buffers as small as Iskra's: {limit:.1} KiB")).unwrap_or_default(),
            ratio: limit.map(|limit| each / limit),
        })?;
        limit = limit.or(Some(each));
    }
    Ok(())
}
