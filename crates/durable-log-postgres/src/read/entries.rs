use std::collections::HashMap;

use domain::Subject;
use durable_log::{Body, Cursor, Entry, LogError, Partition};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::MOST_ROWS;
use super::rows::{json, number, sample, subject, time};
use crate::moment::Moment;
use crate::open::Shared;
use crate::readers::Readers;

/// Times that a reader starts anew when what it reads is being pruned meanwhile.
const TRIES: usize = 3;

/// The position of the last entry of each partition.
pub(crate) async fn heads(connection: &mut PgConnection, shared: &Shared) -> sqlx::Result<Cursor> {
    let rows = sqlx::query(SELECT_HEADS).fetch_all(connection).await?;
    if let Some(row) = rows.first() {
        shared.hear(time(row, "now")?, row.try_get("timeline")?);
    }
    for row in &rows {
        shared.clock.not_before(time(row, "recorded")?);
    }
    let seqs = rows.iter().map(|row| number(row, "seq")).collect::<sqlx::Result<_>>()?;
    Ok(Cursor::new(shared.epoch(), seqs))
}

/// Entries of a partition, in order.
pub(crate) async fn entries(
    readers: &Readers,
    partition: Partition,
    after: u64,
    limit: u32,
) -> Result<Vec<Entry>, LogError> {
    // No log reaches so far, and there is room for the limit beyond.
    let after = i64::try_from(after).unwrap_or(i64::MAX).min(i64::MAX / 2);
    let limit = i64::from(limit.min(MOST_ROWS));
    let read = async |connection: &mut PgConnection| {
        for _ in 0..TRIES {
            let entries = some_entries(connection, partition, after, limit).await?;
            // A chunk that is dropped between the two statements leaves a hole.
            let has_hole = entries.windows(2).any(|pair| pair[0].seq + 1 != pair[1].seq);
            if !has_hole {
                return Ok(entries);
            }
        }
        Err(sqlx::Error::Protocol("entries are missing between others".into()))
    };
    readers.read("reading entries", read).await
}

async fn some_entries(
    connection: &mut PgConnection,
    partition: Partition,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<Entry>> {
    let partition = partition.0.cast_signed();
    let Some(place) =
        sqlx::query(SELECT_PLACE).bind(partition).bind(after).bind(limit).fetch_optional(&mut *connection).await?
    else {
        return Ok(Vec::new());
    };
    // What is missing there may only be late, and would be taken for pruned.
    if place.try_get("is_replica")? {
        return Err(sqlx::Error::Protocol("the server is a replica, which may be behind".into()));
    }
    let (pruned, last): (i64, i64) = (place.try_get("pruned")?, place.try_get("seq")?);
    let (oldest, newest): (Option<Moment>, Option<Moment>) = (place.try_get("oldest")?, place.try_get("newest")?);
    let after = after.max(pruned);
    if after >= last {
        return Ok(Vec::new());
    }
    let rows = sqlx::query(SELECT_ENTRIES)
        .bind(partition)
        .bind(after)
        .bind(last)
        .bind(limit)
        .bind(oldest)
        .bind(newest)
        .fetch_all(connection)
        .await?;
    let mut subjects = HashMap::new();
    rows.iter().map(|row| entry(row, &mut subjects)).collect()
}

/// Makes an entry of a row; subjects seen before are cloned, not allocated again.
fn entry(row: &PgRow, subjects: &mut HashMap<i64, Subject>) -> sqlx::Result<Entry> {
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

const SELECT_HEADS: &str = "
    SELECT seq, recorded, clock_timestamp() AS now,
        ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int AS timeline
    FROM heads ORDER BY partition";

/// Where the log stands, and between which times the wanted samples were measured: those of the stretches that the
/// wanted numbers fall into, and of the one that is being filled. `least` and `greatest` pass over nulls.
const SELECT_PLACE: &str = "
    WITH head AS (SELECT *, greatest($2, pruned) AS after FROM heads WHERE partition = $1)
    SELECT seq, pruned, pg_is_in_recovery() AS is_replica,
        least(full_ones.oldest, CASE WHEN stretch_after < after + $3 THEN stretch_oldest END) AS oldest,
        greatest(full_ones.newest, CASE WHEN stretch_after < after + $3 THEN stretch_newest END) AS newest
    FROM head, LATERAL (
        SELECT min(oldest) AS oldest, max(newest) AS newest FROM stretches
        WHERE partition = $1 AND through > after AND through <= coalesce(
            (SELECT through FROM stretches WHERE partition = $1 AND through >= after + $3 ORDER BY through LIMIT 1),
            seq)
    ) AS full_ones";

/// Nothing beyond the head that was read before: what was committed since may lie outside of the times.
const SELECT_ENTRIES: &str = "
    SELECT found.*, subjects.name FROM (
        SELECT seq, recorded, 'sample' AS kind, subject_id, at, clarity, chaos, trust, pain, signals::text AS signals, NULL AS body
        FROM samples WHERE partition = $1 AND seq > $2 AND seq <= $3 AND at >= $5 AND at <= $6
        UNION ALL
        SELECT seq, recorded, kind, subject_id, NULL, NULL, NULL, NULL, NULL, NULL, body::text
        FROM entries WHERE partition = $1 AND seq > $2 AND seq <= $3
        ORDER BY seq LIMIT $4
    ) AS found JOIN subjects ON subjects.id = found.subject_id
    ORDER BY seq";
