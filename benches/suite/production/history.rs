//! A day of one subject out of many millions of samples, through Pulse.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bus_local::SilentBus;
use durable_log::Log;
use durable_log_postgres::{PostgresLog, PostgresOptions};
use durable_log_sqlite::{SqliteLog, SqliteOptions};
use hdrhistogram::Histogram;
use sqlx::PgConnection;

use super::servers::{PARTITIONS, Servers};
use super::service::Service;
use super::stock::{self, Stock};
use crate::Bench;
use crate::connection::Connection;
use crate::report::{Report, Row, histogram, millis, quantiles, record, say};

/// So many, or fewer where each would have less than a day otherwise.
const SUBJECTS: u64 = 100;
/// A little more than the seconds of a day.
const OF_EACH: u64 = 100_000;
/// How the cost grows is seen from so many samples on, ten times as many, and so on.
const FEWEST: u64 = 1_000_000;
/// Questions of each kind; the first few make connections and statements.
const QUESTIONS: usize = 200;
const WARM_UP: usize = 10;
/// Of a kind that takes long.
const FEW: usize = 20;
const DAY: Duration = Duration::from_hours(24);
const QUARTER: Duration = Duration::from_mins(15);
const HOUR: Duration = Duration::from_hours(1);
/// Subjects whose hour is asked for at a time, one after the other.
const AT_A_TIME: usize = 20;
/// Longer than anything here: nothing is pruned, and nothing compressed before its time.
const FOR_EVER: Duration = Duration::from_hours(24 * 365 * 100);
/// Entries that go at a time, as the services have it.
const OLD_AT_ONCE: u32 = 2_000;

/// The rows that Pulse reads for a day in minutes, of which the first may begin before it.
const RUNS: &str = "
    SELECT begins, body FROM runs WHERE subject_id = (SELECT id FROM subjects WHERE name = $1) AND grain = 60
        AND begins > 'epoch'::timestamptz + ($2 - 720000000) * interval '1 microsecond'
        AND begins < 'epoch'::timestamptz + $3 * interval '1 microsecond' ORDER BY begins";

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
    let mut has_timescale = false;
    for samples in growth(bench.samples) {
        let servers = Servers::start(bench, false).await?;
        let stock = fill(&servers, samples, report, "plain PostgreSQL").await?;
        ask_production(bench, &servers, report, "plain PostgreSQL", stock).await?;
        has_timescale = servers.postgres.has_timescale().await?;
    }
    match has_timescale {
        true => timescale(bench, report).await?,
        false => say("TimescaleDB is not installed on this machine: its part is left out")?,
    }
    for samples in growth(bench.samples) {
        embedded(bench, report, samples).await?;
    }
    Ok(())
}

async fn timescale(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let servers = Servers::start(bench, true).await?;
    let stock = fill(&servers, bench.samples, report, "TimescaleDB").await?;
    ask_production(bench, &servers, report, "TimescaleDB", stock).await?;
    compress(&servers, report).await?;
    ask_production(bench, &servers, report, "TimescaleDB, compressed", stock).await
}

/// So many samples, and before that fewer.
fn growth(samples: u64) -> Vec<u64> {
    let fewer = std::iter::successors(Some(FEWEST), |fewer| Some(fewer * 10));
    fewer.take_while(|fewer| *fewer < samples).chain([samples]).collect()
}

fn subjects(samples: u64) -> usize {
    (samples / OF_EACH).clamp(1, SUBJECTS) as usize
}

/// The same on SQLite.
async fn embedded(bench: &Bench, report: &mut Report, samples: u64) -> anyhow::Result<()> {
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    let path = folder.path().join("iskra.db");
    let log = SqliteLog::open(SqliteOptions::new(path.clone(), 1, Arc::new(SilentBus))).await?;
    let stock = load(log.clone(), samples, report, "SQLite").await?;
    let start = Instant::now();
    while log.roll_up().await? {}
    report.note("— summing them up", format!("{:.1} s", start.elapsed().as_secs_f64()))?;
    look_for_old(&*log, report).await?;
    log.close().await;
    report.note("— on the disk", format!("{} MB", std::fs::metadata(&path)?.len() / 1_000_000))?;
    // Pulse alone: an engine would judge all that was loaded.
    let settings =
        [format!("storage.path={}", path.display()), "host_probe.enabled=false".into(), "log.filter=warn".into()];
    let pulse = Service::start(bench, "pulse", &settings)?;
    pulse.ready().await?;
    tell(report, "SQLite", stock, &ask(pulse.address, stock).await?, None)
}

/// Stores them through the log, without HTTP.
async fn load(log: Arc<dyn Log>, samples: u64, report: &mut Report, store: &str) -> anyhow::Result<Stock> {
    let start = Instant::now();
    let stock = stock::fill(log, samples, subjects(samples)).await?;
    let loaded = start.elapsed().as_secs_f64();
    let rate = stock.samples as f64 / loaded;
    let what = format!("history, {store}: loading {} samples", stock.samples);
    report.note(&what, format!("{loaded:.0} s, {rate:.0}/s"))?;
    Ok(stock)
}

/// Loads the samples and sums them up, as the services do.
async fn fill(servers: &Servers, samples: u64, report: &mut Report, store: &str) -> anyhow::Result<Stock> {
    let log = open(servers, FOR_EVER).await?;
    let stock = load(log.clone(), samples, report, store).await?;
    let start = Instant::now();
    let mut connection = servers.connect().await?;
    // It also answers that there is no more to do while the one before still lets go of its lock.
    while log.roll_up().await? || !is_summed_up(&mut connection).await? {}
    let summed = start.elapsed().as_secs_f64();
    look_for_old(&*log, report).await?;
    log.close().await;
    // As autovacuum does in time.
    sqlx::raw_sql("VACUUM (ANALYZE)").execute(&mut connection).await?;
    let stored = servers.stored().await?;
    anyhow::ensure!(stored == stock.samples, "{} samples were accepted, {stored} are stored", stock.samples);
    report.note("— summing them up", format!("{summed:.1} s, {:.0}/s", stored as f64 / summed))?;
    report.note("— on the disk", sizes(&mut connection).await?)?;
    Ok(stock)
}

/// As happens every ten minutes, mostly in vain; whoever writes waits meanwhile.
async fn look_for_old(log: &dyn Log, report: &mut Report) -> anyhow::Result<()> {
    let start = Instant::now();
    log.prune(FOR_EVER, OLD_AT_ONCE).await?;
    report.note("— looking for what is too old", format!("{:.1} ms", 1_000.0 * start.elapsed().as_secs_f64()))
}

async fn is_summed_up(connection: &mut PgConnection) -> anyhow::Result<bool> {
    let all = "SELECT bool_and(coalesce(through, 0) = seq) FROM heads LEFT JOIN summed USING (partition)";
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
    let kind = "SELECT relkind = 'r' FROM pg_class WHERE oid = $1::regclass";
    let mut sizes = Vec::new();
    for table in ["samples", "runs"] {
        let size = match sqlx::query_scalar(kind).bind(table).fetch_one(&mut *connection).await? {
            true => "SELECT pg_size_pretty(hypertable_size($1::regclass))",
            false => "SELECT pg_size_pretty(sum(pg_total_relation_size(relid))) FROM pg_partition_tree($1::regclass)",
        };
        let size: String = sqlx::query_scalar(size).bind(table).fetch_one(&mut *connection).await?;
        sizes.push(format!("{table} {size}"));
    }
    Ok(sizes.join(", "))
}

/// How long the answers took.
struct Asked {
    /// A day in minutes.
    minutes: Histogram<u64>,
    /// The same compressed, as browsers ask.
    compressed: Histogram<u64>,
    /// Every sample of a quarter of an hour.
    raw: Histogram<u64>,
    /// An hour of each of [`AT_A_TIME`] subjects by ten seconds, all of them.
    hours: Histogram<u64>,
}

/// Asks Pulse for a day in minutes, and for the samples of a quarter of an hour, of one subject after the other.
async fn ask(pulse: SocketAddr, stock: Stock) -> anyhow::Result<Asked> {
    let mut http = Connection::open(pulse).await?;
    let (end, day, quarter) = (stock.end, stock.end.minus(DAY), stock.end.minus(QUARTER));
    let mut asked = Asked { minutes: histogram(), compressed: histogram(), raw: histogram(), hours: histogram() };
    for index in 0..QUESTIONS + WARM_UP {
        let path = format!("/api/v1/subjects/{}/history?to={end}", stock::name(index % subjects(stock.samples)));
        let mut took = async |path: String, least: Option<usize>, histogram: &mut Histogram<u64>| {
            let start = Instant::now();
            let answer = match least {
                Some(_) => http.get(&path).await?,
                None => http.get_compressed(&path).await?,
            };
            if index >= WARM_UP {
                record(histogram, start.elapsed());
            }
            let found = answer.windows(4).filter(|four| four == br#""at""#).count();
            let least = least.unwrap_or_default();
            anyhow::ensure!(found >= least, "{path} answers only {found} of {least}");
            anyhow::Ok(())
        };
        let filled = |span: Duration, step: u64| (span.as_secs().min(stock.seconds) / step) as usize;
        let minutes = format!("{path}&from={day}&step=60s");
        took(minutes.clone(), Some(filled(DAY, 60)), &mut asked.minutes).await?;
        took(minutes, None, &mut asked.compressed).await?;
        took(format!("{path}&from={quarter}"), Some(filled(QUARTER, 1)), &mut asked.raw).await?;
    }
    for _ in 0..QUESTIONS {
        let start = Instant::now();
        for index in 0..AT_A_TIME {
            let subject = stock::name(index % subjects(stock.samples));
            http.get(&format!("/api/v1/subjects/{subject}/history?to={end}&from={}&step=10s", end.minus(HOUR))).await?;
        }
        record(&mut asked.hours, start.elapsed());
    }
    Ok(asked)
}

async fn ask_production(
    bench: &Bench,
    servers: &Servers,
    report: &mut Report,
    store: &str,
    stock: Stock,
) -> anyhow::Result<()> {
    let pulse = Service::start(bench, "pulse", &servers.settings())?;
    pulse.ready().await?;
    let asked = ask(pulse.address, stock).await?;
    drop(pulse);
    let mut database = servers.connect().await?;
    let runs = by_sql(&mut database, RUNS, QUESTIONS, stock).await?;
    tell(report, store, stock, &asked, Some(&runs))?;
    let samples = by_sql(&mut database, FROM_SAMPLES, FEW, stock).await?;
    report.note("— by SQL over the samples, without HTTP", quantiles(&samples))
}

/// The same day by a statement.
async fn by_sql(
    database: &mut PgConnection,
    statement: &'static str,
    questions: usize,
    stock: Stock,
) -> anyhow::Result<Histogram<u64>> {
    let mut limit = histogram();
    for index in 0..questions + WARM_UP {
        let subject = stock::name(index % subjects(stock.samples));
        let (day, end) = (stock.end.minus(DAY).as_micros(), stock.end.as_micros());
        let question = sqlx::query(statement).bind(subject).bind(day).bind(end);
        let start = Instant::now();
        let rows = question.fetch_all(&mut *database).await?;
        if index >= WARM_UP {
            record(&mut limit, start.elapsed());
        }
        anyhow::ensure!(rows.len() >= 100, "SQL answers only {} rows", rows.len());
    }
    Ok(limit)
}

fn tell(
    report: &mut Report,
    store: &str,
    stock: Stock,
    asked: &Asked,
    limit: Option<&Histogram<u64>>,
) -> anyhow::Result<()> {
    report.add(Row {
        what: format!("history, {store}: 24 h of one subject in minutes, {} samples in all", stock.samples),
        aim: "p99 ≤ 10 ms",
        figure: quantiles(&asked.minutes),
        limit: limit.map(|limit| format!("the same rows by SQL: {}", quantiles(limit))).unwrap_or_default(),
        ratio: limit.map(|limit| millis(&asked.minutes, 0.5) / millis(limit, 0.5)),
    })?;
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        let (samples, took) = (stock.samples as f64, millis(&asked.minutes, quantile));
        report.point("history", &format!("{store}, {name}"), samples, took)?;
    }
    report.note("— compressed, as browsers ask", quantiles(&asked.compressed))?;
    report.note("— 15 min of one subject, every sample", quantiles(&asked.raw))?;
    report.note(&format!("— an hour by 10 s of {AT_A_TIME} subjects, one after the other"), quantiles(&asked.hours))
}
