use std::time::Duration;

use domain::{Timestamp, Vital};
use durable_log::{Bucket, History, HistoryPoint, HistoryQuery, LogError, Resolution};
use futures_util::TryStreamExt;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::MOST_ROWS;
use super::pieces::{Grain, Piece, pieces};
use super::rows::{sample, time};
use crate::chunks::align;
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
    let oldest: Option<Moment> = place.try_get("fresh_oldest")?;
    let newest: Option<Moment> = place.try_get("fresh_newest")?;
    let fresh = oldest.zip(newest).map(|(oldest, newest)| (oldest.0, newest.0));
    let mut fold = Fold { step, limit, buckets: Vec::new() };
    for piece in pieces(query.from, query.to, fresh, step) {
        if fold.is_full() {
            break;
        }
        fold.piece(connection, place, piece).await?;
    }
    let truncated = fold.is_full();
    fold.buckets.truncate(limit);
    let point =
        |(at, sums): (Timestamp, [Option<Sum>; 4])| HistoryPoint { at, vitals: sums.map(|sum| sum.map(bucket)) };
    let points = fold.buckets.into_iter().map(point).collect();
    Ok(History { resolution: Resolution::Buckets, samples: Vec::new(), points, truncated })
}

/// A vital in a bucket, or in the part of it that was read.
#[derive(Clone, Copy)]
struct Sum {
    min: f64,
    max: f64,
    sum: f64,
    last: f64,
    count: u64,
}

fn bucket(Sum { min, max, sum, last, count }: Sum) -> Bucket {
    Bucket { min, max, avg: sum / count as f64, last, count }
}

/// Rows in the order of their times become buckets.
struct Fold {
    step: Duration,
    limit: usize,
    buckets: Vec<(Timestamp, [Option<Sum>; 4])>,
}

impl Fold {
    /// Whether there are more buckets than wanted.
    const fn is_full(&self) -> bool {
        self.buckets.len() > self.limit
    }

    async fn piece(&mut self, connection: &mut PgConnection, place: &PgRow, piece: Piece) -> sqlx::Result<()> {
        let statement = match piece.grain {
            Grain::Sample => SELECT_VITALS,
            Grain::TenSeconds => SELECT_TEN_SECONDS,
            Grain::Minute => SELECT_MINUTES,
            Grain::Hour => SELECT_HOURS,
        };
        let mut select =
            sqlx::query(statement).bind(place.try_get::<i64, _>("id")?).bind(Moment(piece.from)).bind(Moment(piece.to));
        if piece.grain == Grain::Sample {
            select = select.bind(place.try_get::<i64, _>("pruned")?);
        }
        let mut rows = select.fetch(connection);
        while let Some(row) = rows.try_next().await? {
            let vitals = match piece.grain {
                Grain::Sample => measured(&row)?,
                _ => summed_up(&row)?,
            };
            self.add(time(&row, "at")?, vitals);
            if self.is_full() {
                break;
            }
        }
        Ok(())
    }

    fn add(&mut self, at: Timestamp, vitals: [Option<Sum>; 4]) {
        let at = align(at, self.step);
        match self.buckets.last_mut().filter(|(bucket, _)| *bucket == at) {
            None => self.buckets.push((at, vitals)),
            Some((_, sums)) => {
                for (sum, later) in sums.iter_mut().zip(vitals) {
                    *sum = join(*sum, later);
                }
            }
        }
    }
}

/// Two parts of a bucket, one after the other, as one.
fn join(earlier: Option<Sum>, later: Option<Sum>) -> Option<Sum> {
    let (Some(a), Some(b)) = (earlier, later) else { return later.or(earlier) };
    let (min, max) = (a.min.min(b.min), a.max.max(b.max));
    Some(Sum { min, max, sum: a.sum + b.sum, last: b.last, count: a.count + b.count })
}

fn measured(row: &PgRow) -> sqlx::Result<[Option<Sum>; 4]> {
    let mut vitals = [None; 4];
    for vital in Vital::ALL {
        let value: Option<f64> = row.try_get(vital.name())?;
        vitals[vital.index()] = value.map(|value| Sum { min: value, max: value, sum: value, last: value, count: 1 });
    }
    Ok(vitals)
}

/// By position: there are many rows, and looking up names would cost more than the rest.
fn summed_up(row: &PgRow) -> sqlx::Result<[Option<Sum>; 4]> {
    let mut vitals = [None; 4];
    for vital in Vital::ALL {
        let place = 1 + 5 * vital.index();
        let count: i64 = row.try_get(place + 3)?;
        if count > 0 {
            vitals[vital.index()] = Some(Sum {
                min: row.try_get(place)?,
                max: row.try_get(place + 1)?,
                sum: row.try_get(place + 2)?,
                last: row.try_get(place + 4)?,
                count: count.cast_unsigned(),
            });
        }
    }
    Ok(vitals)
}

/// Who it is, and between which times the summaries may miss something: what came since the last roll-up, or is being
/// rolled up.
const SELECT_PLACE: &str = "
    SELECT subjects.id, heads.pruned, least(heads.fresh_oldest, roll_ups.pending_oldest) AS fresh_oldest,
        greatest(heads.fresh_newest, roll_ups.pending_newest) AS fresh_newest
    FROM subjects JOIN heads USING (partition) LEFT JOIN roll_ups USING (partition) WHERE name = $1";

const SELECT_SAMPLES: &str = "
    SELECT at, clarity, chaos, trust, pain, signals::text AS signals FROM samples
    WHERE subject_id = $1 AND at >= $2 AND at < $3 AND seq > $4
    ORDER BY at LIMIT $5";

const SELECT_VITALS: &str = "
    SELECT at, clarity, chaos, trust, pain FROM samples
    WHERE subject_id = $1 AND at >= $2 AND at < $3 AND seq > $4 ORDER BY at";

/// The columns in the order of the vitals, each with the same five.
macro_rules! select_summaries {
    ($table:literal) => {
        concat!(
            "SELECT bucket AS at,
                clarity_min, clarity_max, clarity_sum, clarity_count, clarity_last,
                chaos_min, chaos_max, chaos_sum, chaos_count, chaos_last,
                trust_min, trust_max, trust_sum, trust_count, trust_last,
                pain_min, pain_max, pain_sum, pain_count, pain_last
            FROM ",
            $table,
            " WHERE subject_id = $1 AND bucket >= $2 AND bucket < $3 ORDER BY bucket"
        )
    };
}

const SELECT_TEN_SECONDS: &str = select_summaries!("samples_10s");
const SELECT_MINUTES: &str = select_summaries!("samples_1m");
const SELECT_HOURS: &str = select_summaries!("samples_1h");
