//! Reads of very many rows, past sqlx: why, says `docs/decisions/*-a-backtest-reads-sqlite-directly.md`.

use std::path::PathBuf;

use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::LogError;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OpenFlags, Row};
use sqlx::SqlitePool;

use crate::error::reading;
use crate::open::PATIENCE;

/// Lends a connection of its own to `work`, which sees the file as it is at its first statement.
pub(crate) async fn read<T: Send + 'static>(
    readers: &SqlitePool,
    path: PathBuf,
    doing: &'static str,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, LogError> {
    // A place among the readers: there are only so many, and the log closes after the last of them.
    let place = readers.acquire().await.map_err(reading(doing))?;
    let read = tokio::task::spawn_blocking(move || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch("BEGIN")?;
        let read = work(&connection);
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
