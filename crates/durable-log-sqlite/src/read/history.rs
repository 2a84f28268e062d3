use std::path::PathBuf;
use std::time::Duration;

use domain::{Timestamp, Vital};
use durable_log::{History, HistoryQuery, LogError, Resolution};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};
use sqlx::SqlitePool;
use summaries::{Fold, Grain, Piece, Sums, align, measured, pieces, read_run};

use super::MOST_ROWS;
use super::blocking::{READING, read, sample, unreadable};

/// The past of one subject.
pub(crate) async fn history(readers: &SqlitePool, path: PathBuf, query: HistoryQuery) -> Result<History, LogError> {
    read(readers, path, "reading history", READING, move |connection| select(connection, &query)).await
}

fn select(connection: &Connection, query: &HistoryQuery) -> rusqlite::Result<History> {
    let place = connection.query_row(SELECT_PLACE, [query.subject.as_str()], |row| {
        let oldest: Option<i64> = row.get(1)?;
        let newest: Option<i64> = row.get(2)?;
        Ok((row.get(0)?, oldest.zip(newest).map(|(a, b)| (Timestamp::from_micros(a), Timestamp::from_micros(b)))))
    });
    let limit = query.limit.min(MOST_ROWS) as usize;
    match (place.optional()?, query.step) {
        (None, step) => {
            let resolution = if step.is_some() { Resolution::Buckets } else { Resolution::Raw };
            Ok(History { resolution, samples: Vec::new(), points: Vec::new(), truncated: false })
        }
        (Some((id, _)), None) => raw(connection, query, id, limit),
        (Some((id, fresh)), Some(step)) => {
            let step = step.max(Duration::from_micros(1));
            let mut fold = Fold::new(step, limit);
            for piece in pieces(query.from, query.to, fresh, step) {
                match piece.grain {
                    Grain::Sample => measure(connection, id, piece, &mut fold)?,
                    _ => look_up(connection, id, piece, &mut fold)?,
                }
                if fold.is_full() {
                    break;
                }
            }
            Ok(fold.into_history())
        }
    }
}

fn raw(connection: &Connection, query: &HistoryQuery, id: i64, limit: usize) -> rusqlite::Result<History> {
    let mut statement = connection.prepare(SELECT_SAMPLES)?;
    // One more than wanted, to see whether there are more.
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut rows = statement.query((id, query.from.as_micros(), query.to.as_micros(), most))?;
    let mut samples = Vec::new();
    while let Some(row) = rows.next()? {
        samples.push(sample(row, 0, query.subject.clone())?);
    }
    let truncated = samples.len() > limit;
    samples.truncate(limit);
    Ok(History { resolution: Resolution::Raw, samples, points: Vec::new(), truncated })
}

/// Reads a piece sample by sample.
fn measure(connection: &Connection, id: i64, piece: Piece, fold: &mut Fold) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(SELECT_VITALS)?;
    let mut rows = statement.query((id, piece.from.as_micros(), piece.to.as_micros()))?;
    while let Some(row) = rows.next()?
        && !fold.is_full()
    {
        let (at, sums) = measured_in_order(row)?;
        fold.add(at, sums);
    }
    Ok(())
}

/// Reads a piece from the summaries.
fn look_up(connection: &Connection, id: i64, piece: Piece, fold: &mut Fold) -> rusqlite::Result<()> {
    let Piece { grain, from, to } = piece;
    let mut statement = connection.prepare(SELECT_RUNS)?;
    let first = align(from, grain.run()).as_micros();
    let mut rows = statement.query((id, grain.seconds(), first, to.as_micros()))?;
    while let Some(row) = rows.next()?
        && !fold.is_full()
    {
        let begins = Timestamp::from_micros(row.get(0)?);
        let bytes = row.get_ref(1)?.as_blob()?;
        let buckets = read_run(grain, begins, bytes).map_err(|error| unreadable(1, Type::Blob, error))?;
        buckets.into_iter().filter(|(at, _)| (from..to).contains(at)).for_each(|(at, sums)| fold.add(at, sums));
    }
    Ok(())
}

/// What was measured, in the first columns: `at` and the vitals.
pub(crate) fn measured_in_order(row: &Row<'_>) -> rusqlite::Result<(Timestamp, Sums)> {
    let at = Timestamp::from_micros(row.get(0)?);
    let mut values = [None; Vital::ALL.len()];
    for vital in Vital::ALL {
        values[vital.index()] = row.get(1 + vital.index())?;
    }
    Ok((at, measured(values, at)))
}

/// Who it is, and between which times the summaries may miss something: what came since the last roll-up, or is being
/// rolled up. `min` and `max` of nothing are nothing.
const SELECT_PLACE: &str = "
    SELECT id,
        CASE WHEN unsummed_through = seq
            THEN coalesce(min(unsummed_oldest, pending_oldest), unsummed_oldest, pending_oldest)
            ELSE -0x7fffffffffffffff END,
        CASE WHEN unsummed_through = seq
            THEN coalesce(max(unsummed_newest, pending_newest), unsummed_newest, pending_newest)
            ELSE 0x7fffffffffffffff END
    FROM subjects JOIN heads USING (partition) LEFT JOIN summed USING (partition) WHERE name = ?1";

const SELECT_SAMPLES: &str = "
    SELECT at, clarity, chaos, trust, pain, signals FROM samples
    WHERE subject_id = ?1 AND at >= ?2 AND at < ?3
    ORDER BY at LIMIT ?4";

const SELECT_VITALS: &str = "
    SELECT at, clarity, chaos, trust, pain FROM samples
    WHERE subject_id = ?1 AND at >= ?2 AND at < ?3 ORDER BY at";

const SELECT_RUNS: &str = "
    SELECT begins, body FROM runs
    WHERE subject_id = ?1 AND grain = ?2 AND begins >= ?3 AND begins < ?4 ORDER BY begins";
