//! How many samples a second are taken, stored and judged, and how soon they are acknowledged.

mod metrics;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use hdrhistogram::Histogram;
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::bare::Bare;
use crate::connection::Connection;
use crate::report::{Report, Row, histogram, quantiles, record};
use crate::samples::{self, Batches};
use crate::{Bench, disk};

/// Producers that send one request after the other.
pub(crate) const PRODUCERS: usize = 8;
/// Subjects of each.
const SUBJECTS: usize = 125;
pub(crate) const WARM_UP: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_secs(5);
/// Samples in one request, the aim for them, and how long they are sent.
const SIZES: [(usize, &str, Duration); 3] = [
    (100, "≥ 20,000/s", Duration::from_secs(10)),
    (1, "", Duration::from_secs(5)),
    (1_000, "", Duration::from_secs(5)),
];

/// What the producers saw.
pub(crate) struct Seen {
    pub(crate) a_second: f64,
    pub(crate) samples: u64,
    pub(crate) acknowledged: Histogram<u64>,
}

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for (size, aim, length) in SIZES {
        let suite = bench.start_quiet(&[])?;
        load(suite.pulse, PRODUCERS, size, WARM_UP).await?;
        let before = suite.process.cpu()?;
        let start = Instant::now();
        let seen = load(suite.pulse, PRODUCERS, size, length).await?;
        let cpu = (suite.process.cpu()? - before).as_secs_f64();
        let each = cpu * 1e6 / (seen.a_second * start.elapsed().as_secs_f64());
        suite.stop()?;
        let alone = disk::sqlite_alone(bench, size, LIMIT).await?;
        let unstored = load(Bare::start()?.address, PRODUCERS, size, LIMIT).await?;
        report.point("ingest", "Iskra over SQLite", size as f64, seen.a_second)?;
        report.point("ingest", "SQLite alone, transactions of that size", size as f64, alone)?;
        let what = format!("durable ingest, {PRODUCERS} producers, {size} a request");
        let row = |limit: String, ratio: f64| Row {
            what: what.clone(),
            aim,
            figure: format!("{:.0}/s", seen.a_second),
            limit,
            ratio: Some(ratio),
        };
        report.add(row(format!("SQLite alone, transactions of {size}: {alone:.0}/s"), seen.a_second / alone))?;
        let limit = format!("axum, read and not stored: {:.0}/s", unstored.a_second);
        report.add(row(limit, seen.a_second / unstored.a_second))?;
        report.note(&format!("— request to acknowledgement, {size} a request"), quantiles(&seen.acknowledged))?;
        report.note(&format!("— CPU of the suite for each sample, {size} a request"), format!("{each:.1} µs"))?;
        if size > 1 {
            through_metrics(bench, report, size, seen.a_second).await?;
        }
    }
    Ok(())
}

/// The same through the doors for metrics, beside what came as JSON.
async fn through_metrics(bench: &Bench, report: &mut Report, size: usize, as_json: f64) -> anyhow::Result<()> {
    for door in metrics::Door::ALL {
        let suite = bench.start_quiet(&[])?;
        metrics::load(suite.pulse, door, size, WARM_UP).await?;
        let before = suite.process.cpu()?;
        let seen = metrics::load(suite.pulse, door, size, LIMIT).await?;
        let each = (suite.process.cpu()? - before).as_secs_f64() * 1e6 / seen.samples as f64;
        suite.stop()?;
        report.add(Row {
            what: format!("durable ingest, {PRODUCERS} producers, {size} a request: {}", door.name()),
            aim: "",
            figure: format!("{:.0}/s; {}; {each:.1} µs of CPU each", seen.a_second, quantiles(&seen.acknowledged)),
            limit: format!("as JSON: {as_json:.0}/s"),
            ratio: Some(seen.a_second / as_json),
        })?;
    }
    Ok(())
}

/// So many producers send for `length`.
pub(crate) async fn load(address: SocketAddr, producers: usize, size: usize, length: Duration) -> anyhow::Result<Seen> {
    let start = Instant::now();
    let mut sending = JoinSet::new();
    for producer in 0..producers {
        let connection = Connection::open(address).await?;
        let batches = Batches::new(format!("agent-{producer}"), SUBJECTS);
        sending.spawn(produce(connection, batches, size, start + length));
    }
    let mut acknowledged = histogram();
    while let Some(ended) = sending.join_next().await {
        acknowledged.add(ended??)?;
    }
    let samples = acknowledged.len() * size as u64;
    Ok(Seen { a_second: samples as f64 / start.elapsed().as_secs_f64(), samples, acknowledged })
}

#[derive(Deserialize)]
struct Answer {
    accepted: usize,
}

async fn produce(
    mut connection: Connection,
    mut batches: Batches,
    size: usize,
    until: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let mut acknowledged = histogram();
    while Instant::now() < until {
        let body = batches.next(size);
        let start = Instant::now();
        let answer = connection.post(samples::PATH, body).await?;
        record(&mut acknowledged, start.elapsed());
        let Answer { accepted } = serde_json::from_slice(&answer).context("an answer")?;
        // The bare server counts nothing.
        anyhow::ensure!(accepted == size || accepted == 1, "only {accepted} of {size} were accepted");
    }
    Ok(acknowledged)
}
