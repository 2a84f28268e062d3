use std::time::Duration;

use durable_log::{History, HistoryQuery, LogError, Resolution};
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use summaries::{Fold, Grain, Piece, align, pieces, read_run};

use super::MOST_ROWS;
use super::rows::{measured_in_order, sample, unreadable};
use crate::moment::Moment;
use crate::readers::Readers;

/// The past of one subject.
pub(crate) async fn history(readers: &Readers, query: &HistoryQuery) -> Result<History, LogError> {
    let read = async |connection: &mut PgConnection| {
        let place = sqlx::query(SELECT_PLACE).bind(query.subject.as_str()).fetch_optional(&mut *connection).await?;
        let limit = query.limit.min(MOST_ROWS) as usize;
        match (place, query.step) {
            (None, step) => {
                let resolution = if step.is_some() { Resolution::Buckets } else { Resolution::Raw };
                Ok(History { resolution, samples: Vec::new(), points: Vec::new(), truncated: false })
            }
            (Some(place), None) => raw(connection, query, &place, limit).await,
            (Some(place), Some(step)) => {
                buckets(connection, query, &place, step.max(Duration::from_micros(1)), limit).await
            }
        }
    };
    readers.read("reading history", read).await
}

async fn raw(
    connection: &mut PgConnection,
    query: &HistoryQuery,
    place: &PgRow,
    limit: usize,
) -> sqlx::Result<History> {
    let mut rows = sqlx::query(SELECT_SAMPLES)
        .bind(place.try_get::<i64, _>("id")?)
        .bind(Moment(query.from))
        .bind(Moment(query.to))
        .bind(place.try_get::<i64, _>("pruned")?)
        // One more than wanted, to see whether there are more.
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let truncated = rows.len() > limit;
    rows.truncate(limit);
    let samples = rows.iter().map(|row| sample(row, query.subject.clone())).collect::<sqlx::Result<_>>()?;
    Ok(History { resolution: Resolution::Raw, samples, points: Vec::new(), truncated })
}

async fn buckets(
    connection: &mut PgConnection,
    query: &HistoryQuery,
    place: &PgRow,
    step: Duration,
    limit: usize,
) -> sqlx::Result<History> {
    let subject_id: i64 = place.try_get("id")?;
    let oldest: Option<Moment> = place.try_get("oldest")?;
    let newest: Option<Moment> = place.try_get("newest")?;
    let fresh = oldest.zip(newest).map(|(oldest, newest)| (oldest.0, newest.0));
    let mut fold = Fold::new(step, limit);
    for piece in pieces(query.from, query.to, fresh, step) {
        match piece.grain {
            Grain::Sample => measure(connection, subject_id, place.try_get("pruned")?, piece, &mut fold).await?,
            _ => look_up(connection, subject_id, piece, &mut fold).await?,
        }
        if fold.is_full() {
            break;
        }
    }
    Ok(fold.into_history())
}

/// Reads a piece sample by sample.
async fn measure(
    connection: &mut PgConnection,
    subject_id: i64,
    pruned: i64,
    piece: Piece,
    fold: &mut Fold,
) -> sqlx::Result<()> {
    let select = sqlx::query(SELECT_VITALS).bind(subject_id).bind(Moment(piece.from)).bind(Moment(piece.to));
    let mut rows = select.bind(pruned).fetch(connection);
    while let Some(row) = rows.try_next().await?
        && !fold.is_full()
    {
        let (at, sums) = measured_in_order(&row)?;
        fold.add(at, sums);
    }
    Ok(())
}

/// Reads a piece from the summaries.
async fn look_up(connection: &mut PgConnection, subject_id: i64, piece: Piece, fold: &mut Fold) -> sqlx::Result<()> {
    let Piece { grain, from, to } = piece;
    let mut rows = sqlx::query(SELECT_RUNS)
        .bind(subject_id)
        .bind(grain.seconds())
        .bind(Moment(align(from, grain.run())))
        .bind(Moment(to))
        .fetch(connection);
    while let Some(row) = rows.try_next().await?
        && !fold.is_full()
    {
        let begins: Moment = row.try_get(0)?;
        let buckets = read_run(grain, begins.0, row.try_get(1)?).map_err(unreadable)?;
        buckets.into_iter().filter(|(at, _)| (from..to).contains(at)).for_each(|(at, sums)| fold.add(at, sums));
    }
    Ok(())
}

/// Who it is, and between which times the summaries may miss something: what came since the last roll-up, or is being
/// rolled up.
const SELECT_PLACE: &str = "
    SELECT subjects.id, heads.pruned,
        CASE WHEN unsummed_through = seq THEN least(unsummed_oldest, pending_oldest) ELSE '-infinity' END AS oldest,
        CASE WHEN unsummed_through = seq THEN greatest(unsummed_newest, pending_newest) ELSE 'infinity' END AS newest
    FROM subjects JOIN heads USING (partition) LEFT JOIN summed USING (partition) WHERE name = $1";

const SELECT_SAMPLES: &str = "
    SELECT at, clarity, chaos, trust, pain, signals::text AS signals FROM samples
    WHERE subject_id = $1 AND at >= $2 AND at < $3 AND seq > $4
    ORDER BY at LIMIT $5";

const SELECT_VITALS: &str = "
    SELECT at, clarity, chaos, trust, pain FROM samples
    WHERE subject_id = $1 AND at >= $2 AND at < $3 AND seq > $4 ORDER BY at";

const SELECT_RUNS: &str = "
    SELECT begins, body FROM runs
    WHERE subject_id = $1 AND grain = $2 AND begins >= $3 AND begins < $4 ORDER BY begins";
