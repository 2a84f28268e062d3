//! How many samples a second are taken and stored by separate processes, and what each of them works for that.

use std::time::Duration;

use super::Production;
use super::load::steady;
use super::postgres_alone::postgres_alone;
use crate::Bench;
use crate::ingest::{PRODUCERS, Seen, WARM_UP, load};
use crate::report::{Report, Row, millis, quantiles};

const LENGTH: Duration = Duration::from_secs(10);
const LIMIT: Duration = Duration::from_secs(5);
const STEADY_RATE: u32 = 10_000;
const STEADY_BATCH: u64 = 100;
/// Samples in one request.
const SIZES: [usize; 2] = [100, 1_000];
/// Producers to begin with: the more wait, the more share a commit.
const MOST_PRODUCERS: usize = 4 * PRODUCERS;
/// With more producers than this allows, samples only wait longer.
const MOST_P99_MS: f64 = 250.0;

/// The CPU time of each process.
type Cpu = Vec<(&'static str, Duration)>;

/// What was seen while the producers sent.
struct Measured {
    producers: usize,
    seen: Seen,
    used: Used,
    caught_up: Duration,
}

/// For one sample: CPU time of each process, in µs, and what PostgreSQL writes ahead.
struct Used {
    costs: Vec<(&'static str, f64)>,
    wal_bytes: f64,
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for size in SIZES {
        let mut producers = MOST_PRODUCERS;
        let (measured, alone) = loop {
            let production = Production::start(bench, 1, &[]).await?;
            let measured = run(&production, producers, size).await?;
            let p99 = millis(&measured.seen.acknowledged, 0.99);
            if p99 <= MOST_P99_MS || producers == 1 {
                break (measured, postgres_alone(&production.servers, size, LIMIT).await?);
            }
            crate::report::say(&format!(
                "{producers} producers, {size} a request: p99 {p99:.0} ms; once more with half"
            ))?;
            producers /= 2;
        };
        tell(report, size, &measured, alone)?;
    }
    steadily(bench, report).await
}

/// Far below the most, where few samples share a transaction.
async fn steadily(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let production = Production::start(bench, 1, &[]).await?;
    let send = |length| steady(production.pulse.address, STEADY_RATE, STEADY_BATCH, length);
    send(WARM_UP).await?;
    let before = (cpu(&production)?, production.servers.wal_bytes().await?);
    let outcome = send(LENGTH).await?;
    let used = used(&production, before, outcome.counts.acknowledged).await?;
    let micros: f64 = used.costs.iter().map(|(_, micros)| micros).sum();
    report.add(Row {
        what: format!("production: {STEADY_RATE}/s steadily, {STEADY_BATCH} a request: CPU"),
        aim: "",
        figure: format!("{:.2} cores, {micros:.0} µs a sample", micros * f64::from(STEADY_RATE) / 1e6),
        limit: String::new(),
        ratio: None,
    })?;
    report.note("— due → acknowledged", quantiles(&outcome.acknowledged))?;
    tell_used(report, "steadily", &used)
}

/// Also makes sure that every acknowledged sample is there, and no other.
async fn run(production: &Production, producers: usize, size: usize) -> anyhow::Result<Measured> {
    let servers = &production.servers;
    let before = servers.stored().await?;
    let warm_up = load(production.pulse.address, producers, size, WARM_UP).await?;
    let before_load = (cpu(production)?, servers.wal_bytes().await?);
    let seen = load(production.pulse.address, producers, size, LENGTH).await?;
    let used = used(production, before_load, seen.samples).await?;
    let stored = servers.stored().await? - before;
    let acknowledged = warm_up.samples + seen.samples;
    anyhow::ensure!(stored == acknowledged, "{acknowledged} samples were acknowledged, {stored} are stored");
    let caught_up = production.probe("after").wait().await?;
    Ok(Measured { producers, seen, used, caught_up })
}

/// What it has used for so many samples since then.
async fn used(production: &Production, before: (Cpu, u64), samples: u64) -> anyhow::Result<Used> {
    let samples = samples as f64;
    let costs = cpu(production)?.into_iter().zip(before.0);
    let costs = costs.map(|((name, after), (_, before))| (name, (after - before).as_secs_f64() * 1e6 / samples));
    let wal_bytes = (production.servers.wal_bytes().await? - before.1) as f64 / samples;
    Ok(Used { costs: costs.collect(), wal_bytes })
}

/// What each process has used so far.
fn cpu(production: &Production) -> anyhow::Result<Cpu> {
    let services = production.services().map(|service| Ok((service.name, service.process().cpu()?)));
    services.chain([production.servers.cpu().map(|cpu| ("PostgreSQL", cpu))]).collect()
}

fn tell(report: &mut Report, size: usize, measured: &Measured, alone: f64) -> anyhow::Result<()> {
    let Measured { producers, seen, used, caught_up } = measured;
    report.add(Row {
        what: format!("production: durable ingest, {producers} producers, {size} a request"),
        aim: "≥ 50,000/s, p99 ≤ 250 ms",
        figure: format!("{:.0}/s", seen.a_second),
        limit: format!("PostgreSQL alone, 4 connections, transactions of {size}: {alone:.0}/s"),
        ratio: Some(seen.a_second / alone),
    })?;
    report.note(&format!("— request to acknowledgement, {size} a request"), quantiles(&seen.acknowledged))?;
    tell_used(report, &format!("{size} a request"), used)?;
    report.note("— acknowledged and stored", format!("{} samples, none missing", seen.samples))?;
    report.note("— after the last: a new sample is judged within", format!("{:.0} ms", caught_up.as_secs_f64() * 1e3))
}

fn tell_used(report: &mut Report, when: &str, used: &Used) -> anyhow::Result<()> {
    let costs: Vec<_> = used.costs.iter().map(|(name, micros)| format!("{name} {micros:.1}")).collect();
    report.note(&format!("— CPU for each sample, {when}"), format!("{} µs", costs.join(", ")))?;
    report.note("— write-ahead log", format!("{:.0} bytes for each sample", used.wal_bytes))
}
