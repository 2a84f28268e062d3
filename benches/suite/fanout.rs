//! What fan-out costs beside others, and the most that each can do.

use std::time::Duration;

use crate::Bench;
use crate::cost::{Cost, Task, cost};
use crate::peers::Peer;
use crate::report::{Report, Row, millis, quantiles, say};

const TASK: Task = Task {
    viewers: 1_000,
    rate: 100.0,
    gather: Duration::ZERO,
    warm_up: Duration::from_secs(1),
    length: Duration::from_secs(5),
};
/// The first two are the limits.
const PEERS: [Peer; 8] =
    [Peer::Raw, Peer::RawGathered, Peer::Iskra, Peer::Bare, Peer::Nchan, Peer::Nats, Peer::Mosquitto, Peer::SocketIo];

/// Where the most is looked for.
const MOST: Task = Task {
    viewers: 500,
    rate: 200.0,
    gather: Duration::from_millis(5),
    warm_up: Duration::from_millis(500),
    length: Duration::from_secs(2),
};
/// Those that are asked for it; NATS first, for it is the aim.
const STRONG: [Peer; 6] = [Peer::Nats, Peer::Iskra, Peer::Raw, Peer::RawGathered, Peer::Bare, Peer::Nchan];
/// Slowest that is still good, in milliseconds.
const SOON: f64 = 100.0;
/// What must have come of all that was due; the rest may be under way.
const NEARLY_ALL: f64 = 0.96;
/// Faster by so much until it is too much, then from the last that was not by less.
const STRIDE: f64 = 2.0;
const STEP: f64 = 1.25;
/// How often a rate is tried before it is too much: other work on the machine may spoil one.
const TRIES: usize = 2;
/// Messages a second that nobody reaches.
const TOO_MANY: f64 = 50_000.0;

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut limit: Option<f64> = None;
    for peer in PEERS {
        let Some(server) = peer.start(bench, report).await? else { continue };
        let what = format!("fan-out, {}/s to {} viewers: {}", TASK.rate, TASK.viewers, peer.name());
        let cost = match cost(&server, TASK).await {
            Ok(cost) => cost,
            Err(error) => {
                report.note(&what, format!("failed: {error:#}"))?;
                continue;
            }
        };
        let each = cost.of_each();
        report.add(Row {
            what,
            aim: if peer == Peer::Iskra { "≤ 5 µs, p50 ≤ 10 ms" } else { "" },
            figure: format!("{each:.2} µs of CPU each; due → socket {}", quantiles(&cost.seen.took)),
            limit: limit.map(|limit| format!("one `write` each: {limit:.2} µs")).unwrap_or_default(),
            ratio: limit.map(|limit| each / limit),
        })?;
        limit = limit.or(Some(each));
        report.note(&format!("— {}", peer.name()), format!("{}; {} merged", cost.describe(), cost.seen.merged()))?;
    }
    Ok(())
}

/// The most that each of them delivers to many while nearly nobody waits.
pub(crate) async fn saturate(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut nats: Option<f64> = None;
    for peer in STRONG {
        let what = format!("most to {} viewers with p99 < {SOON} ms: {}", MOST.viewers, peer.name());
        if peer.missing().is_some() {
            peer.start(bench, report).await?;
            continue;
        }
        let Some(cost) = most(bench, report, peer).await? else {
            report.note(&what, format!("less than {}/s", MOST.rate * MOST.viewers as f64))?;
            continue;
        };
        let most = cost.delivered_a_second();
        report.add(Row {
            what,
            aim: if peer == Peer::Iskra { "at least NATS" } else { "" },
            figure: format!(
                "{:.2} M updates/s ({:.0} messages/s); {}; {:.2} µs of CPU each",
                most / 1e6,
                cost.task.rate,
                quantiles(&cost.seen.took),
                cost.of_each()
            ),
            limit: nats.map(|nats| format!("NATS: {:.2} M/s", nats / 1e6)).unwrap_or_default(),
            ratio: nats.map(|nats| most / nats),
        })?;
        if peer == Peer::Nats {
            nats = Some(most);
        }
        report.note(&format!("— {}", peer.name()), cost.describe())?;
    }
    Ok(())
}

/// The last rate that held.
async fn most(bench: &Bench, report: &mut Report, peer: Peer) -> anyhow::Result<Option<Cost>> {
    let (mut best, mut factor, mut rate) = (None::<Cost>, STRIDE, MOST.rate);
    while rate < TOO_MANY {
        if let Some(cost) = holds(bench, report, peer, rate).await? {
            (best, rate) = (Some(cost), rate * factor);
            continue;
        }
        let Some(last) = &best else { break };
        if factor == STEP {
            break;
        }
        (factor, rate) = (STEP, last.task.rate * STEP);
    }
    Ok(best)
}

/// What this rate cost, if everything came soon and nothing merged.
async fn holds(bench: &Bench, report: &mut Report, peer: Peer, rate: f64) -> anyhow::Result<Option<Cost>> {
    for _ in 0..TRIES {
        // A new server, for the last may still be busy.
        let Some(server) = peer.start(bench, report).await? else { break };
        let cost = match cost(&server, Task { rate, ..MOST }).await {
            Ok(cost) => cost,
            Err(error) => {
                say(&format!("{}, {rate:.0}/s: {error:#}", peer.name()))?;
                continue;
            }
        };
        let (p99, share, merged) = (millis(&cost.seen.took, 0.99), cost.delivered_share(), cost.seen.merged());
        say(&format!("{}, {rate:.0}/s: {:.0} % came, p99 {p99:.1} ms, {merged} merged", peer.name(), share * 100.0))?;
        if p99 < SOON && share > NEARLY_ALL && merged == 0 {
            return Ok(Some(cost));
        }
    }
    Ok(None)
}
