//! What a backtest reads: a week of one subject out of many samples, one by one, in the order of their numbers.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bus_local::SilentBus;
use domain::Subject;
use durable_log::{Log, SamplesQuery};
use durable_log_postgres::{PostgresLog, PostgresOptions};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use sqlx::{Connection as _, SqliteConnection};

use super::servers::{PARTITIONS, Servers};
use super::stock::{self, Stock};
use crate::Bench;
use crate::report::{Report, Row, histogram, millis, quantiles, record, say};

const WEEK: Duration = Duration::from_hours(7 * 24);
/// Weeks that are read, each of another subject as long as there are enough.
const READS: usize = 9;
/// The same work without handing out a single row.
const SUMS: &str = "
    SELECT count(*), sum(clarity), sum(chaos), sum(trust), sum(pain), count(signals), max(seq), max(recorded) FROM samples
    WHERE subject_id = (SELECT id FROM subjects WHERE name = $1)";

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    on_sqlite(bench, report).await?;
    let servers = Servers::start(bench, false).await?;
    on_postgres(bench, &servers, report, "plain PostgreSQL").await?;
    let has_timescale = servers.postgres.has_timescale().await?;
    drop(servers);
    if !has_timescale {
        return say("TimescaleDB is not installed on this machine: its part is left out");
    }
    on_postgres(bench, &Servers::start(bench, true).await?, report, "TimescaleDB").await
}

async fn on_sqlite(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    let path = folder.path().join("iskra.db");
    let log = SqliteLog::open(SqliteOptions::new(&path, PARTITIONS, Arc::new(SilentBus))).await?;
    let stock = fill(bench, log.clone(), report, "SQLite").await?;
    read(&*log, report, "SQLite", stock, async |subject| sum_on_sqlite(&path, subject).await).await?;
    log.close().await;
    Ok(())
}

async fn sum_on_sqlite(path: &Path, subject: &str) -> anyhow::Result<()> {
    let path = path.to_string_lossy();
    let mut connection = SqliteConnection::connect(&path).await?;
    sqlx::query(SUMS).bind(subject).fetch_one(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn on_postgres(bench: &Bench, servers: &Servers, report: &mut Report, store: &str) -> anyhow::Result<()> {
    let options = PostgresOptions::new(&servers.database, PARTITIONS, Arc::new(SilentBus));
    let log = PostgresLog::open(options).await?;
    let stock = fill(bench, log.clone(), report, store).await?;
    // As autovacuum does in time.
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut servers.connect().await?).await?;
    let sum = async |subject: &str| {
        let mut connection = servers.connect().await?;
        sqlx::query(SUMS).bind(subject).fetch_one(&mut connection).await?;
        Ok(())
    };
    read(&*log, report, store, stock, sum).await?;
    log.close().await;
    Ok(())
}

/// As many subjects as have a week each.
async fn fill(bench: &Bench, log: Arc<dyn Log>, report: &mut Report, store: &str) -> anyhow::Result<Stock> {
    let subjects = (bench.samples / WEEK.as_secs()).max(1);
    let start = Instant::now();
    let stock = stock::fill(log, subjects * WEEK.as_secs(), usize::try_from(subjects)?).await?;
    let took = start.elapsed().as_secs_f64();
    let rate = stock.samples as f64 / took;
    report
        .note(&format!("backtest, {store}: loading {} samples", stock.samples), format!("{took:.0} s, {rate:.0}/s"))?;
    Ok(stock)
}

async fn read(
    log: &dyn Log,
    report: &mut Report,
    store: &str,
    stock: Stock,
    sum: impl AsyncFn(&str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let subjects = usize::try_from(stock.samples / stock.seconds)?;
    let (mut reads, mut sums) = (histogram(), histogram());
    for index in 0..READS {
        let name = stock::name(index % subjects);
        let subject = Subject::new(&name)?;
        let query = SamplesQuery { subject, from: stock.end.minus(WEEK), until: stock.end, after: 0, limit: 1_000_000 };
        let start = Instant::now();
        let found = log.samples(query).await?;
        record(&mut reads, start.elapsed());
        anyhow::ensure!(found.len() as u64 == WEEK.as_secs(), "{} samples of {name}", found.len());
        anyhow::ensure!(found.is_sorted_by_key(|entry| entry.seq), "the samples of {name} are not in order");
        let start = Instant::now();
        sum(&name).await?;
        record(&mut sums, start.elapsed());
    }
    report.add(Row {
        what: format!("a week of one subject for a backtest, {store}, {} samples in all", stock.samples),
        aim: "≤ 500 ms",
        figure: quantiles(&reads),
        limit: format!("SQL sums the same up: {}", quantiles(&sums)),
        ratio: Some(millis(&reads, 0.5) / millis(&sums, 0.5)),
    })
}
