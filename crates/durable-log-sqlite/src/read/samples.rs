//! The one read of very many rows, past sqlx: why, says `docs/decisions/*-a-backtest-reads-sqlite-directly.md`.

use std::path::{Path, PathBuf};

use domain::{Sample, Score, Signals, Subject, Timestamp, Vital, Vitals};
use durable_log::{LogError, SampleEntry, SamplesQuery};
use log_writer::Page;
use rusqlite::types::Type;
use rusqlite::{Connection, Error, OpenFlags, Row};
use sqlx::SqlitePool;

use crate::error::reading;
use crate::open::PATIENCE;

const DOING: &str = "reading samples";

/// Samples of one subject, in the order of their numbers.
pub(crate) async fn samples(
    readers: &SqlitePool,
    path: PathBuf,
    query: SamplesQuery,
) -> Result<Vec<SampleEntry>, LogError> {
    // A place among the readers: there are only so many, and the log closes after the last of them.
    let place = readers.acquire().await.map_err(reading(DOING))?;
    let read = tokio::task::spawn_blocking(move || {
        let read = select(&path, &query);
        drop(place);
        read
    });
    let failed = |source| LogError::Store { doing: DOING, source };
    read.await.map_err(|error| failed(error.into()))?.map_err(|error| failed(error.into()))
}

fn select(path: &Path, query: &SamplesQuery) -> rusqlite::Result<Vec<SampleEntry>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    let mut statement = connection.prepare(SELECT_SAMPLES)?;
    let after = i64::try_from(query.after).unwrap_or(i64::MAX);
    let mut rows = statement.query((query.subject.as_str(), query.from.as_micros(), query.until.as_micros(), after))?;
    let mut page = Page::new(query.limit);
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        if page.wants(seq) {
            let recorded = Timestamp::from_micros(row.get(1)?);
            page.add(SampleEntry { seq, recorded, sample: sample(row, query.subject.clone())? });
        }
    }
    Ok(page.finish())
}

fn sample(row: &Row<'_>, subject: Subject) -> rusqlite::Result<Sample> {
    let mut vitals = Vitals::default();
    for (vital, column) in Vital::ALL.into_iter().zip(FIRST_VITAL..) {
        if let Some(value) = row.get(column)? {
            let score =
                Score::new(value).ok_or_else(|| unreadable(column, Type::Real, format!("{vital} is {value}")))?;
            vitals.set(vital, Some(score));
        }
    }
    let signals = match row.get_ref(SIGNALS)?.as_str_or_null()? {
        Some(json) => serde_json::from_str(json).map_err(|error| unreadable(SIGNALS, Type::Text, error))?,
        None => Signals::new(),
    };
    Ok(Sample { subject, at: Timestamp::from_micros(row.get(2)?), vitals, signals })
}

/// What lies in the file is not what was written there.
fn unreadable(column: usize, kind: Type, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::FromSqlConversionFailure(column, kind, why.into())
}

const FIRST_VITAL: usize = 3;
const SIGNALS: usize = 7;

/// As they lie, which is nearly the order of their numbers: sorting them here would take longer than reading them.
const SELECT_SAMPLES: &str = "
    SELECT seq, recorded, at, clarity, chaos, trust, pain, signals FROM samples
    WHERE subject_id = (SELECT id FROM subjects WHERE name = ?1) AND at >= ?2 AND at < ?3 AND seq > ?4";
