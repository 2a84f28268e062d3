use std::path::PathBuf;

use domain::Timestamp;
use durable_log::{LogError, SampleEntry, SamplesQuery};
use log_writer::Page;
use rusqlite::Connection;
use sqlx::SqlitePool;

use super::blocking::{READING, read, sample};

/// Samples of one subject, in the order of their numbers.
pub(crate) async fn samples(
    readers: &SqlitePool,
    path: PathBuf,
    query: SamplesQuery,
) -> Result<Vec<SampleEntry>, LogError> {
    read(readers, path, "reading samples", READING, move |connection| select(connection, &query)).await
}

fn select(connection: &Connection, query: &SamplesQuery) -> rusqlite::Result<Vec<SampleEntry>> {
    let mut statement = connection.prepare(SELECT_SAMPLES)?;
    let after = i64::try_from(query.after).unwrap_or(i64::MAX);
    let mut rows = statement.query((query.subject.as_str(), query.from.as_micros(), query.until.as_micros(), after))?;
    let mut page = Page::new(query.limit);
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        if page.wants(seq) {
            let recorded = Timestamp::from_micros(row.get(1)?);
            page.add(SampleEntry { seq, recorded, sample: sample(row, 2, query.subject.clone())? });
        }
    }
    Ok(page.finish())
}

/// As they lie, which is nearly the order of their numbers: sorting them here would take longer than reading them.
const SELECT_SAMPLES: &str = "
    SELECT seq, recorded, at, clarity, chaos, trust, pain, signals FROM samples
    WHERE subject_id = (SELECT id FROM subjects WHERE name = ?1) AND at >= ?2 AND at < ?3 AND seq > ?4";
