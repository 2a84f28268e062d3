//! A day of one subject out of many millions of samples, through Pulse.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bus_local::SilentBus;
use durable_log::Log as _;
use durable_log_postgres::{PostgresLog, PostgresOptions};
use hdrhistogram::Histogram;
use sqlx::PgConnection;

use super::servers::{PARTITIONS, Servers};
use super::service::Service;
use super::stock::{self, Stock};
use crate::Bench;
use crate::connection::Connection;
use crate::report::{Report, Row, histogram, millis, quantiles, record, say};

const SUBJECTS: usize = 100;
/// Questions of each kind; the first few make connections and statements.
const QUESTIONS: usize = 200;
const WARM_UP: usize = 10;
const DAY: Duration = Duration::from_hours(24);
const QUARTER: Duration = Duration::from_mins(15);
/// Longer than anything here: nothing is pruned, and nothing compressed before its time.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 100);

/// What Pulse answers, computed by PostgreSQL from the samples each time.
const FROM_SAMPLES: &str = "
    SELECT date_bin('1 minute', at, 'epoch')::text,
        min(clarity), max(clarity), avg(clarity), count(clarity), min(chaos), max(chaos), avg(chaos), count(chaos),
        min(trust), max(trust), avg(trust), count(trust), min(pain), max(pain), avg(pain), count(pain)
    FROM samples WHERE subject_id = (SELECT id FROM subjects WHERE name = $1)
        AND at >= 'epoch'::timestamptz + $2 * interval '1 microsecond'
        AND at < 'epoch'::timestamptz + $3 * interval '1 microsecond'
    GROUP BY 1 ORDER BY 1";

pub(crate) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let servers = Servers::start(bench, false).await?;
    let stock = fill(bench, &servers, report, "plain PostgreSQL").await?;
    ask(bench, &servers, report, "plain PostgreSQL", stock).await?;
    let has_timescale = servers.postgres.has_timescale().await?;
    drop(servers);
    if !has_timescale {
        return say("TimescaleDB is not installed on this machine: its part is left out");
    }
    let servers = Servers::start(bench, true).await?;
    let stock = fill(bench, &servers, report, "TimescaleDB").await?;
    ask(bench, &servers, report, "TimescaleDB", stock).await?;
    compress(&servers, report).await?;
    ask(bench, &servers, report, "TimescaleDB, compressed", stock).await
}

/// Loads the samples and sums them up, as the services do.
async fn fill(bench: &Bench, servers: &Servers, report: &mut Report, store: &str) -> anyhow::Result<Stock> {
    let log = open(servers, FOR_EVER).await?;
    let start = Instant::now();
    let stock = stock::fill(log.clone(), bench.samples, SUBJECTS).await?;
    let loaded = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let mut connection = servers.connect().await?;
    // It also answers that there is no more to do while the one before still lets go of its lock.
    while log.roll_up().await? || !is_summed_up(&mut connection).await? {}
    let summed = start.elapsed().as_secs_f64();
    log.close().await;
    // As autovacuum does in time.
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
    let stored = servers.stored().await?;
    anyhow::ensure!(stored == stock.samples, "{} samples were accepted, {stored} are stored", stock.samples);
    let rate = stock.samples as f64 / loaded;
    report.note(&format!("history, {store}: loading {stored} samples"), format!("{loaded:.0} s, {rate:.0}/s"))?;
    report.note("— summing them up", format!("{summed:.1} s"))?;
    report.note("— on the disk", sizes(&mut connection).await?)?;
    Ok(stock)
}

async fn is_summed_up(connection: &mut PgConnection) -> anyhow::Result<bool> {
    let all = "SELECT bool_and(coalesce(through, 0) = seq) FROM heads LEFT JOIN roll_ups USING (partition)";
    Ok(sqlx::query_scalar(all).fetch_one(connection).await?)
}

/// Compresses all chunks of samples, as happens to each when it is old enough.
async fn compress(servers: &Servers, report: &mut Report) -> anyhow::Result<()> {
    let log = open(servers, Duration::ZERO).await?;
    let start = Instant::now();
    log.prune(FOR_EVER, 1).await?;
    let took = start.elapsed().as_secs_f64();
    log.close().await;
    let mut connection = servers.connect().await?;
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
    let counts = "SELECT count(*) FILTER (WHERE is_compressed), count(*) FROM timescaledb_information.chunks
        WHERE hypertable_name = 'samples'";
    let (compressed, all): (i64, i64) = sqlx::query_as(counts).fetch_one(&mut connection).await?;
    anyhow::ensure!(compressed == all, "only {compressed} of {all} chunks are compressed");
    report.note("history, TimescaleDB: compressing", format!("{took:.1} s, {all} chunks"))?;
    report.note("— on the disk", sizes(&mut connection).await?)
}

async fn open(servers: &Servers, compress_after: Duration) -> anyhow::Result<Arc<PostgresLog>> {
    let options = PostgresOptions::new(&servers.database, PARTITIONS, Arc::new(SilentBus));
    Ok(PostgresLog::open(PostgresOptions { compress_after, ..options }).await?)
}

/// With indexes, of all chunks.
async fn sizes(connection: &mut PgConnection) -> anyhow::Result<String> {
    // In a hypertable of TimescaleDB it is a table, else the parent of partitions.
    let has_timescale = "SELECT relkind = 'r' FROM pg_class WHERE oid = 'samples'::regclass";
    let size = match sqlx::query_scalar(has_timescale).fetch_one(&mut *connection).await? {
        true => "SELECT pg_size_pretty(hypertable_size($1::regclass))",
        false => "SELECT pg_size_pretty(sum(pg_total_relation_size(relid))) FROM pg_partition_tree($1::regclass)",
    };
    let mut sizes = Vec::new();
    for table in ["samples", "samples_10s", "samples_1m", "samples_1h"] {
        let size: String = sqlx::query_scalar(size).bind(table).fetch_one(&mut *connection).await?;
        sizes.push(format!("{table} {size}"));
    }
    Ok(sizes.join(", "))
}

/// Asks for a day in minutes, and for the samples of a quarter of an hour, of one subject after the other.
async fn ask(bench: &Bench, servers: &Servers, report: &mut Report, store: &str, stock: Stock) -> anyhow::Result<()> {
    let pulse = Service::start(bench, "pulse", &servers.settings())?;
    pulse.ready().await?;
    let mut http = Connection::open(pulse.address).await?;
    let (end, day, quarter) = (stock.end, stock.end.minus(DAY), stock.end.minus(QUARTER));
    let (mut minutes, mut raw, mut limit) = (histogram(), histogram(), histogram());
    let mut database = servers.connect().await?;
    for index in 0..QUESTIONS + WARM_UP {
        let subject = stock::name(index % SUBJECTS);
        let mut took = async |path: String, least: usize, histogram: &mut Histogram<u64>| {
            let start = Instant::now();
            let answer = http.get(&path).await?;
            if index >= WARM_UP {
                record(histogram, start.elapsed());
            }
            let found = answer.windows(4).filter(|four| four == br#""at""#).count();
            anyhow::ensure!(found >= least, "{path} answers only {found} of {least}");
            anyhow::Ok(())
        };
        let path = format!("/api/v1/subjects/{subject}/history?to={end}");
        let filled = |span: Duration, step: u64| (span.as_secs().min(stock.seconds) / step) as usize;
        took(format!("{path}&from={day}&step=60s"), filled(DAY, 60), &mut minutes).await?;
        took(format!("{path}&from={quarter}"), filled(QUARTER, 1), &mut raw).await?;
        let question = sqlx::query(FROM_SAMPLES).bind(&subject).bind(day.as_micros()).bind(end.as_micros());
        let start = Instant::now();
        let rows = question.fetch_all(&mut database).await?;
        if index >= WARM_UP {
            record(&mut limit, start.elapsed());
        }
        anyhow::ensure!(rows.len() >= filled(DAY, 60), "SQL answers only {} rows", rows.len());
    }
    report.add(Row {
        what: format!("history, {store}: 24 h of one subject in minutes, {} samples in all", stock.samples),
        aim: "p99 ≤ 10 ms",
        figure: quantiles(&minutes),
        limit: format!("SQL over the samples: {}", quantiles(&limit)),
        ratio: Some(millis(&minutes, 0.99) / millis(&limit, 0.99)),
    })?;
    report.note("— 15 min of one subject, every sample", quantiles(&raw))
}
