//! What it costs a server to give each message to many, and how soon they have it.

use std::time::Duration;

use crate::Bench;
use crate::crowd::{Crowd, Seen};
use crate::peers::{Peer, Server};
use crate::process::Process;
use crate::publisher::{Load, publish};
use crate::report::{Report, Row, quantiles};

const VIEWERS: usize = 1_000;
const RATE: f64 = 100.0;
const LENGTH: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(1);
/// Viewers that connect side by side.
const AT_ONCE: usize = 50;
/// When nothing came for so long, nothing is under way.
const SILENCE: Duration = Duration::from_millis(500);
/// The first two are the limits.
const PEERS: [Peer; 4] = [Peer::Raw, Peer::RawGathered, Peer::Iskra, Peer::Bare];

/// What a while under load cost.
pub(crate) struct Cost {
    pub(crate) seen: Seen,
    pub(crate) server: Duration,
    /// Of the viewers and the sender.
    pub(crate) client: Duration,
}

impl Cost {
    /// Of the server, in microseconds of CPU.
    pub(crate) fn of_each(&self) -> f64 {
        self.server.as_secs_f64() * 1e6 / self.seen.delivered().max(1) as f64
    }
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut limit: Option<f64> = None;
    for peer in PEERS {
        let server = peer.start(bench)?;
        let cost = cost(&server, VIEWERS, RATE, LENGTH).await?;
        let each = cost.of_each();
        report.add(Row {
            what: format!("fan-out, {RATE}/s to {VIEWERS} viewers: {}", peer.name()),
            aim: if peer == Peer::Iskra { "≤ 5 µs, p50 ≤ 10 ms" } else { "" },
            figure: format!("{each:.2} µs of CPU each; due → read {}", quantiles(&cost.seen.took)),
            limit: limit.map(|limit| format!("one `write` each: {limit:.2} µs")).unwrap_or_default(),
            ratio: limit.map(|limit| each / limit),
        })?;
        limit = limit.or(Some(each));
        report.note(&format!("— {}: viewers and sender", peer.name()), client(&cost, LENGTH))?;
    }
    Ok(())
}

/// Sends at `rate` to so many viewers, and answers what `length` of it cost, after a warm-up.
pub(crate) async fn cost(server: &Server, viewers: usize, rate: f64, length: Duration) -> anyhow::Result<Cost> {
    let mut crowd = server.gather(viewers, AT_ONCE).await?;
    drop(crowd.take());
    let load = Load { rate, gather: Duration::ZERO, length: WARM_UP + length };
    let client = Process { id: std::process::id() };
    let sending = tokio::spawn(publish(server.door.clone(), load));
    tokio::time::sleep(WARM_UP).await;
    let mut came = crowd.take().delivered();
    let before = (server.process.cpu_of_family()?, client.cpu()?);
    tokio::time::sleep(length).await;
    let seen = crowd.take();
    let after = (server.process.cpu_of_family()?, client.cpu()?);
    sending.await??;
    let (more, merged) = settle(&crowd).await;
    came += more + seen.delivered();
    let expected = load.messages() * viewers as u64;
    // What a viewer was told as a summary stands for one message or more.
    let lost = if merged + seen.merged() > 0 { 0 } else { expected.saturating_sub(came) };
    anyhow::ensure!(lost == 0 && came <= expected, "{came} of {expected} messages came");
    crowd.leave()?;
    Ok(Cost { seen, server: after.0 - before.0, client: after.1 - before.1 })
}

/// Waits until nothing comes any more; answers how many came one by one, and merged.
async fn settle(crowd: &Crowd) -> (u64, u64) {
    let (mut delivered, mut merged) = (0, 0);
    loop {
        tokio::time::sleep(SILENCE).await;
        let seen = crowd.take();
        delivered += seen.delivered();
        merged += seen.merged();
        if seen.delivered() + seen.merged() == 0 {
            return (delivered, merged);
        }
    }
}

fn client(cost: &Cost, length: Duration) -> String {
    let Seen { reads, bytes, .. } = cost.seen;
    let (share, delivered) = (100.0 * cost.client.as_secs_f64() / length.as_secs_f64(), cost.seen.delivered() as f64);
    format!(
        "{share:.0} % of a core, {:.2} reads and {:.0} bytes for each; the server {:.0} %; {} merged",
        reads as f64 / delivered,
        bytes as f64 / delivered,
        100.0 * cost.server.as_secs_f64() / length.as_secs_f64(),
        cost.seen.merged()
    )
}
