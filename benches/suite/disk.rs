//! What the machine and its disk can do by themselves.

use std::fs::File;
use std::io::Write as _;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, QueryBuilder, SqliteConnection};

use crate::Bench;
use crate::report::{Report, histogram, quantiles, record};
use crate::samples::now;

/// Writes that are forced to the disk one by one.
const SYNCS: usize = 300;
/// What a small commit writes.
const COMMIT_BYTES: usize = 8 * 1024;
/// The tables of the suite, so that SQLite does the same work.
const TABLES: &str = include_str!("../../migrations/sqlite/0001_log.sql");

/// Says on what all this is measured.
pub(crate) fn describe_machine(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let cores = std::thread::available_parallelism()?;
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let load = load.split(' ').next().unwrap_or_default();
    report.note("machine", format!("{cores} cores, Linux {}, load {load} at the start", kernel.trim()))?;
    report.note("one fdatasync of 8 KiB", quantiles(&syncs(bench)?))
}

fn syncs(bench: &Bench) -> anyhow::Result<hdrhistogram::Histogram<u64>> {
    let mut file = File::create(bench.folder.path().join("syncs"))?;
    let mut took = histogram();
    for _ in 0..SYNCS {
        file.write_all(&[7; COMMIT_BYTES])?;
        let start = Instant::now();
        file.sync_data()?;
        record(&mut took, start.elapsed());
    }
    Ok(took)
}

/// Rows a second of SQLite alone, in transactions of `size` rows, as durable as the suite's.
pub(crate) async fn sqlite_alone(bench: &Bench, size: usize, length: Duration) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir_in(bench.folder.path())?;
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("alone.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    let (start, mut rows) = (Instant::now(), 0_usize);
    while start.elapsed() < length {
        let at = now().as_micros();
        let mut transaction = connection.begin().await?;
        let mut insert = QueryBuilder::new(
            "INSERT INTO samples (subject_id, at, partition, seq, recorded, clarity, chaos, trust, pain) ",
        );
        insert.push_values(0..size, |mut values, index| {
            let number = i64::try_from(rows + index).unwrap_or(i64::MAX);
            values.push_bind(number % 1_000).push_bind(at + number % 1_000_000);
            values.push_bind(number % 4).push_bind(number).push_bind(at);
            values.push_bind(0.75).push_bind(0.4).push_bind(0.75).push_bind(0.3);
        });
        insert.build().execute(&mut *transaction).await?;
        transaction.commit().await?;
        rows += size;
    }
    Ok(rows as f64 / start.elapsed().as_secs_f64())
}
