//! Reads of very many rows, past sqlx: why, says `docs/decisions/*-a-backtest-reads-sqlite-directly.md`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::LogError;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OpenFlags, Row};
use sqlx::SqlitePool;
use tokio_util::sync::CancellationToken;

use crate::error::reading;
use crate::open::PATIENCE;

/// A read that takes longer is given up, as on PostgreSQL.
pub(super) const READING: Duration = Duration::from_secs(10);
/// The same for what is read to keep the house.
pub(crate) const KEEPING: Duration = Duration::from_mins(10);
/// Steps of SQLite's machine between two looks whether to go on: some dozens of rows.
const BETWEEN_LOOKS: i32 = 1_000;

/// Lends a connection of its own to `work`, which sees the file as it is at its first statement. It is given up when it
/// takes longer than `limit`, or nobody waits for it any more.
pub(crate) async fn read<T: Send + 'static>(
    readers: &SqlitePool,
    path: PathBuf,
    doing: &'static str,
    limit: Duration,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, LogError> {
    // A place among the readers: there are only so many, and the log closes after the last of them.
    let place = readers.acquire().await.map_err(reading(doing))?;
    // A thread does not end when this future is dropped: it must be told.
    let given_up = CancellationToken::new();
    let _while_somebody_waits = given_up.clone().drop_guard();
    let read = tokio::task::spawn_blocking(move || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        let deadline = Instant::now() + limit;
        let is_over = move || given_up.is_cancelled() || Instant::now() >= deadline;
        connection.progress_handler(BETWEEN_LOOKS, Some(is_over))?;
        connection.execute_batch("BEGIN")?;
        let read = work(&connection);
        // Before the place: with that, the log may close.
        drop(connection);
        drop(place);
        read
    });
    let failed = |source| LogError::Store { doing, source };
    read.await.map_err(|error| failed(error.into()))?.map_err(|error| failed(error.into()))
}

/// The sample in the columns from `first` on: `at`, the vitals and `signals`.
pub(super) fn sample(row: &Row<'_>, first: usize, subject: Subject) -> rusqlite::Result<Sample> {
    let mut vitals = Vitals::default();
    for (vital, column) in Vital::ALL.into_iter().zip(first + 1..) {
        if let Some(value) = row.get(column)? {
            let score =
                Score::new(value).ok_or_else(|| unreadable(column, Type::Real, format!("{vital} is {value}")))?;
            vitals.set(vital, Some(score));
        }
    }
    let signals = first + 1 + Vital::ALL.len();
    let signals = match row.get_ref(signals)?.as_str_or_null()? {
        Some(json) => serde_json::from_str(json).map_err(|error| unreadable(signals, Type::Text, error))?,
        None => Signals::new(),
    };
    Ok(Sample { subject, at: Timestamp::from_micros(row.get(first)?), vitals, signals })
}

/// What lies in the file is not what was written there.
pub(crate) fn unreadable(column: usize, kind: Type, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::FromSqlConversionFailure(column, kind, why.into())
}

#[cfg(test)]
mod tests;
