use std::collections::HashMap;

use domain::Subject;
use durable_log::{Body, Cursor, Entry, Epoch, LogError, Partition};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteExecutor, SqlitePool};

use super::MOST_ROWS;
use super::rows::{json, number, sample, subject, time};
use crate::error::reading;

/// The position of the last entry of each partition.
pub(crate) async fn heads(store: impl SqliteExecutor<'_>, epoch: Epoch) -> Result<Cursor, LogError> {
    let seqs: Vec<i64> = sqlx::query_scalar("SELECT seq FROM heads ORDER BY partition")
        .fetch_all(store)
        .await
        .map_err(reading("reading the heads"))?;
    Ok(Cursor::new(epoch, seqs.into_iter().map(i64::cast_unsigned).collect()))
}

/// What the file takes of the disk. Its write-ahead log, which is bounded, does not count.
pub(crate) async fn size_bytes(store: impl SqliteExecutor<'_>) -> Result<u64, LogError> {
    let size: i64 = sqlx::query_scalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        .fetch_one(store)
        .await
        .map_err(reading("asking for the size of the file"))?;
    Ok(size.cast_unsigned())
}

/// Entries of a partition, in order.
pub(crate) async fn entries(
    readers: &SqlitePool,
    partition: Partition,
    after: u64,
    limit: u32,
) -> Result<Vec<Entry>, LogError> {
    let rows = sqlx::query(SELECT_ENTRIES)
        .bind(partition.0)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit.min(MOST_ROWS))
        .fetch_all(readers)
        .await
        .map_err(reading("reading entries"))?;
    let mut subjects = HashMap::new();
    rows.iter().map(|row| entry(row, &mut subjects)).collect::<sqlx::Result<_>>().map_err(reading("reading entries"))
}

/// Makes an entry of a row; subjects seen before are cloned, not allocated again.
fn entry(row: &SqliteRow, subjects: &mut HashMap<i64, Subject>) -> sqlx::Result<Entry> {
    let subject_id = row.try_get("subject_id")?;
    let subject = match subjects.get(&subject_id) {
        Some(subject) => subject.clone(),
        None => {
            let subject = subject(row.try_get("name")?)?;
            subjects.insert(subject_id, subject.clone());
            subject
        }
    };
    let body = match row.try_get("kind")? {
        "sample" => Body::Sample(sample(row, subject)?),
        "command" => Body::Command(subject, json(row.try_get("body")?)?),
        _ => Body::Event(json(row.try_get("body")?)?),
    };
    Ok(Entry { seq: number(row, "seq")?, recorded: time(row, "recorded")?, body })
}

// Both halves come in the order of their numbers from an index, so that SQLite merges them without sorting, and stops
// at the limit. One statement sees one state of the file.
const SELECT_ENTRIES: &str = "
    SELECT found.*, subjects.name FROM (
        SELECT seq, recorded, 'sample' AS kind, subject_id, at, clarity, chaos, trust, pain, signals, NULL AS body
        FROM samples WHERE partition = ?1 AND seq > ?2
        UNION ALL
        SELECT seq, recorded, kind, subject_id, NULL, NULL, NULL, NULL, NULL, NULL, body
        FROM entries WHERE partition = ?1 AND seq > ?2
        ORDER BY seq LIMIT ?3
    ) AS found CROSS JOIN subjects ON subjects.id = found.subject_id
    ORDER BY seq";
