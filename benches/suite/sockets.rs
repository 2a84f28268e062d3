//! What an idle connection costs in memory, beside others.

use std::time::Duration;

use anyhow::Context as _;

use crate::Bench;
use crate::connection::Connection;
use crate::peers::{Door, Peer, Server};
use crate::report::{Report, Row};
use crate::samples::Batches;

const VIEWERS: usize = 1_000;
/// Viewers that are there before, so that what the first ones need is not counted.
const WARM_UP: usize = 50;
const AT_ONCE: usize = 50;
/// Long enough for some heartbeats to each.
const SETTLE: Duration = Duration::from_secs(3);
const PEERS: [Peer; 6] = [Peer::Bare, Peer::Iskra, Peer::Nchan, Peer::Nats, Peer::Mosquitto, Peer::SocketIo];
/// Subjects of which viewers may look at all.
const SUBJECTS: usize = 1_000;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let (mut limit, mut of_few) = (None, None);
    for peer in PEERS {
        let Some(server) = peer.start(bench, report).await? else { continue };
        let (each, all) = cost(&server).await?;
        report.add(Row {
            what: format!("memory for each of {VIEWERS} idle viewers: {}", peer.name()),
            aim: if peer == Peer::Iskra { "≤ 16 KiB, all ≤ 48 MiB" } else { "" },
            figure: format!("{each:.1} KiB; all of it {all:.1} MiB"),
            limit: limit.map(|limit| format!("axum, buffers as small as Iskra's: {limit:.1} KiB")).unwrap_or_default(),
            ratio: limit.map(|limit| each / limit),
        })?;
        limit = limit.or(Some(each));
        of_few = of_few.or((peer == Peer::Iskra).then_some(each));
    }
    let of_few: f64 = of_few.context("Iskra is always there")?;
    let server = Peer::Iskra.start(bench, report).await?.context("Iskra is always there")?;
    let Door::Http { address, path, .. } = server.door else { anyhow::bail!("Iskra is spoken to by HTTP") };
    let present = Batches::new("agent".to_owned(), SUBJECTS).next(SUBJECTS);
    Connection::open(address).await?.post(path, present).await?;
    tokio::time::sleep(SETTLE).await;
    let (each, all) = cost(&server).await?;
    report.add(Row {
        what: format!("memory for each of {VIEWERS} idle viewers who began with {SUBJECTS} subjects: Iskra"),
        aim: "",
        figure: format!("{each:.1} KiB; all of it {all:.1} MiB"),
        limit: format!("who began with none: {of_few:.1} KiB"),
        ratio: Some(each / of_few),
    })
}

/// Of each viewer in KiB, and of all with the server in MiB.
async fn cost(server: &Server) -> anyhow::Result<(f64, f64)> {
    let mut first = server.gather(WARM_UP, AT_ONCE).await?;
    tokio::time::sleep(SETTLE).await;
    let before = server.process.shares_of_family()?;
    let mut others = server.gather(VIEWERS, AT_ONCE).await?;
    tokio::time::sleep(SETTLE).await;
    let after = server.process.shares_of_family()?;
    first.leave()?;
    others.leave()?;
    Ok((after.saturating_sub(before) as f64 / VIEWERS as f64, after as f64 / 1024.0))
}
