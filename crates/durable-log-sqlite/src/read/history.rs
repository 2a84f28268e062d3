use domain::Vital;
use durable_log::{Bucket, History, HistoryPoint, HistoryQuery, LogError, Resolution};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqlitePool};

use super::MOST_ROWS;
use super::rows::{number, sample, time};
use crate::error::reading;

/// The past of one subject.
pub(crate) async fn history(readers: &SqlitePool, query: &HistoryQuery) -> Result<History, LogError> {
    let step = query.step.map(|step| i64::try_from(step.as_micros()).unwrap_or(i64::MAX).max(1));
    let limit = query.limit.min(MOST_ROWS) as usize;
    let statement = if step.is_some() { SELECT_BUCKETS } else { SELECT_SAMPLES };
    let mut rows = sqlx::query(statement)
        .bind(query.subject.as_str())
        .bind(query.from.as_micros())
        .bind(query.to.as_micros())
        // One more than wanted, to see whether there are more.
        .bind(i64::try_from(limit + 1).unwrap_or(i64::MAX))
        .bind(step)
        .fetch_all(readers)
        .await
        .map_err(reading("reading history"))?;
    let truncated = rows.len() > limit;
    rows.truncate(limit);
    let mut history = History { resolution: Resolution::Raw, samples: Vec::new(), points: Vec::new(), truncated };
    if step.is_some() {
        history.resolution = Resolution::Buckets;
        history.points = rows.iter().map(point).collect::<sqlx::Result<_>>().map_err(reading("reading history"))?;
    } else {
        let samples = rows.iter().map(|row| sample(row, query.subject.clone()));
        history.samples = samples.collect::<sqlx::Result<_>>().map_err(reading("reading history"))?;
    }
    Ok(history)
}

fn point(row: &SqliteRow) -> sqlx::Result<HistoryPoint> {
    let mut vitals = [None; 4];
    for vital in Vital::ALL {
        let column = |what: &str| format!("{vital}_{what}");
        let count = number(row, &column("count"))?;
        if count > 0 {
            vitals[vital.index()] = Some(Bucket {
                min: row.try_get(&*column("min"))?,
                max: row.try_get(&*column("max"))?,
                avg: row.try_get(&*column("avg"))?,
                last: row.try_get(&*column("last"))?,
                count,
            });
        }
    }
    Ok(HistoryPoint { at: time(row, "bucket")?, vitals })
}

const SELECT_SAMPLES: &str = "
    SELECT at, clarity, chaos, trust, pain, signals FROM samples
    WHERE subject_id = (SELECT id FROM subjects WHERE name = ?1) AND at >= ?2 AND at < ?3
    ORDER BY at LIMIT ?4";

/// A bucket's start is rounded down, before 1970 too. Where `last` differs from vital to vital, because samples may
/// lack some, each is looked up from the end of the bucket.
const SELECT_BUCKETS: &str = "
    SELECT buckets.*,
        (SELECT clarity FROM samples WHERE subject_id = subject AND at BETWEEN first AND latest AND clarity IS NOT NULL ORDER BY at DESC LIMIT 1) AS clarity_last,
        (SELECT chaos FROM samples WHERE subject_id = subject AND at BETWEEN first AND latest AND chaos IS NOT NULL ORDER BY at DESC LIMIT 1) AS chaos_last,
        (SELECT trust FROM samples WHERE subject_id = subject AND at BETWEEN first AND latest AND trust IS NOT NULL ORDER BY at DESC LIMIT 1) AS trust_last,
        (SELECT pain FROM samples WHERE subject_id = subject AND at BETWEEN first AND latest AND pain IS NOT NULL ORDER BY at DESC LIMIT 1) AS pain_last
    FROM (
        SELECT subject_id AS subject, at - ((at % ?5) + ?5) % ?5 AS bucket, min(at) AS first, max(at) AS latest,
            min(clarity) AS clarity_min, max(clarity) AS clarity_max, avg(clarity) AS clarity_avg, count(clarity) AS clarity_count,
            min(chaos) AS chaos_min, max(chaos) AS chaos_max, avg(chaos) AS chaos_avg, count(chaos) AS chaos_count,
            min(trust) AS trust_min, max(trust) AS trust_max, avg(trust) AS trust_avg, count(trust) AS trust_count,
            min(pain) AS pain_min, max(pain) AS pain_max, avg(pain) AS pain_avg, count(pain) AS pain_count
        FROM samples
        WHERE subject_id = (SELECT id FROM subjects WHERE name = ?1) AND at >= ?2 AND at < ?3
        GROUP BY bucket ORDER BY bucket LIMIT ?4
    ) AS buckets
    ORDER BY bucket";
