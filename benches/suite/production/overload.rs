//! Three times as many samples as can be stored, and what that does to those who send, to memory, and afterwards.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Production;
use super::load::steady;
use super::open_loop::{Outcome, offer};
use crate::Bench;
use crate::ingest::{PRODUCERS, WARM_UP, load};
use crate::pace::RATE;
use crate::report::{Report, Row, quantiles, say};

/// Samples in one request.
const SIZE: usize = 100;
/// How long it is found out what can be stored.
const MEASURING: Duration = Duration::from_secs(8);
/// Offered, in terms of that.
const TIMES: f64 = 3.0;
/// How long it is looked at what follows.
const AFTERWARDS: Duration = Duration::from_secs(10);

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let production = Production::start(bench, 1, &[]).await?;
    let pulse = production.pulse.address;
    load(pulse, PRODUCERS, SIZE, WARM_UP).await?;
    let most = load(pulse, PRODUCERS, SIZE, MEASURING).await?.a_second;
    production.probe("before").wait().await?;
    let before = memory(&production)?;

    let offered = most * TIMES;
    say(&format!("{most:.0} samples/s can be stored; {offered:.0} are offered"))?;
    let rows_before = production.servers.stored().await?;
    let start = Instant::now();
    let overload = tokio::spawn(offer(pulse, offered / SIZE as f64, SIZE, Duration::from_secs(bench.seconds.into())));
    let mut at_most = before.clone();
    let mut every_second = interval(Duration::from_secs(1));
    every_second.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while !overload.is_finished() {
        every_second.tick().await;
        at_most = at_most.iter().zip(memory(&production)?).map(|(most, now)| (*most).max(now)).collect();
    }
    let outcome = overload.await??;
    let lasted = start.elapsed();
    let after = tokio::spawn(steady(pulse, RATE, 1, AFTERWARDS));
    let caught_up = production.probe("after").wait().await?;
    let after = after.await??;
    let memory_after = memory(&production)?;

    // A request that broke may have been stored, or in part.
    let stored = production.servers.stored().await? - rows_before;
    let acknowledged = outcome.accepted() * SIZE as u64 + after.counts.acknowledged;
    anyhow::ensure!(stored >= acknowledged, "{acknowledged} samples were acknowledged, {stored} are stored");
    tell(report, bench.seconds, &outcome, most, lasted)?;
    report.note("— judged again after its end", format!("{:.2} s", caught_up.as_secs_f64()))?;
    report.note(
        &format!("— {} s of 1,000/s after it: due → acknowledged", AFTERWARDS.as_secs()),
        quantiles(&after.acknowledged),
    )?;
    report.note("— acknowledged and stored", format!("{acknowledged} samples, {stored} rows"))?;
    for (index, service) in production.services().enumerate() {
        let [before, most, after] = [before[index], at_most[index], memory_after[index]].map(|kib| kib / 1024);
        report.note(
            &format!("— memory of {}", service.name),
            format!("{before} MiB before, at most {most} MiB, {after} MiB after"),
        )?;
    }
    Ok(())
}

/// Of each service, in KiB.
fn memory(production: &Production) -> anyhow::Result<Vec<u64>> {
    production.services().map(|service| Ok(service.process().resident()?.total)).collect()
}

fn tell(report: &mut Report, seconds: u32, outcome: &Outcome, most: f64, lasted: Duration) -> anyhow::Result<()> {
    let offered = outcome.offered();
    let share = |count: u64| 100.0 * count as f64 / offered as f64;
    let offered_rate = (offered * SIZE as u64) as f64 / f64::from(seconds);
    let accepted_rate = (outcome.accepted() * SIZE as u64) as f64 / lasted.as_secs_f64();
    report.add(Row {
        what: format!("production: {offered_rate:.0}/s offered for {seconds} s, accepted"),
        aim: "bounded memory, no loss",
        figure: format!("{accepted_rate:.0}/s"),
        limit: format!("{PRODUCERS} producers that wait for answers: {most:.0}/s"),
        ratio: Some(accepted_rate / most),
    })?;
    let mut shares: Vec<_> =
        outcome.by_status.iter().map(|(status, count)| format!("{status}: {:.1} %", share(*count))).collect();
    shares.push(format!("broken: {:.1} %", share(outcome.broken)));
    shares.push(format!("not sent, all connections busy: {:.1} %", share(outcome.unsent)));
    report.note("— answers", shares.join(", "))?;
    report.note("— due → acknowledged, of those that were accepted", quantiles(&outcome.took))
}
