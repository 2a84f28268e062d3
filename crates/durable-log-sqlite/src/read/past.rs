use domain::{Alert, Event, Subject};
use durable_log::{LogError, Past, PastQuery, SubjectNow, TELLING, alert_then};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use super::snapshot::subject_now;
use crate::error::reading;

/// How everything was at a moment: a transaction that reads sees one state of the file.
pub(crate) async fn past(readers: &SqlitePool, query: &PastQuery) -> Result<Past, LogError> {
    const DOING: &str = "reading the past";
    let mut transaction = readers.begin().await.map_err(reading(DOING))?;
    let subjects = subjects(&mut transaction, query).await.map_err(reading(DOING))?;
    let alerts = alerts(&mut transaction, query).await.map_err(reading(DOING))?;
    Ok(Past::new(subjects, query.limit, alerts))
}

async fn subjects(connection: &mut SqliteConnection, query: &PastQuery) -> sqlx::Result<Vec<SubjectNow>> {
    let name = query.subject.as_ref().map(Subject::as_str);
    // One more than wanted, to see whether there are more.
    let limit = query.limit.min(MOST_ROWS) + 1;
    let rows = sqlx::query(SELECT_SUBJECTS)
        .bind(name)
        .bind(query.at.as_micros())
        .bind(limit)
        .fetch_all(&mut *connection)
        .await?;
    let mut subjects = rows.iter().map(subject_now).collect::<sqlx::Result<Vec<_>>>()?;
    for kind in TELLING {
        let select = sqlx::query(SELECT_TOLD).bind(name).bind(query.at.as_micros()).bind(limit).bind(kind);
        // The same subjects in the same order.
        for (now, row) in subjects.iter_mut().zip(select.fetch_all(&mut *connection).await?) {
            now.go_back(kind, told(&row)?.as_ref(), row.try_get("is_told_later")?);
        }
    }
    Ok(subjects)
}

async fn alerts(connection: &mut SqliteConnection, query: &PastQuery) -> sqlx::Result<Vec<Alert>> {
    let statement = if query.subject.is_some() { SELECT_ALERTS_OF_ONE } else { SELECT_ALERTS };
    let rows = sqlx::query(statement)
        .bind(query.subject.as_ref().map(Subject::as_str))
        .bind(query.at.as_micros())
        .bind(MOST_ROWS)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| Ok(alert_then(json(row.try_get("body")?)?, told(row)?))).collect()
}

fn told(row: &SqliteRow) -> sqlx::Result<Option<Event>> {
    row.try_get::<Option<&str>, _>("told")?.map(json).transpose()
}

const SELECT_SUBJECTS: &str = "
    SELECT name, samples.at, clarity, chaos, trust, pain, signals, verdicts.body AS verdict, presences.body AS presence
    FROM (SELECT id, name FROM subjects WHERE ?1 IS NULL OR name = ?1 ORDER BY name LIMIT ?3) AS wanted
    LEFT JOIN samples ON samples.subject_id = wanted.id
        AND samples.at = (SELECT max(at) FROM samples AS earlier WHERE earlier.subject_id = wanted.id AND at <= ?2)
    LEFT JOIN verdicts ON verdicts.subject_id = wanted.id
    LEFT JOIN presences ON presences.subject_id = wanted.id
    ORDER BY name";

/// What was told last of a kind, and whether something of it was told since.
const SELECT_TOLD: &str = "
    SELECT (
        SELECT body FROM entries WHERE subject_id = wanted.id AND what = ?4 AND at <= ?2
            AND (?4 <> 'experiment' OR body ->> 'change' <> 'refused')
        ORDER BY at DESC, partition DESC, seq DESC LIMIT 1
    ) AS told,
    EXISTS (
        SELECT * FROM entries WHERE subject_id = wanted.id AND what = ?4 AND at > ?2
            AND (?4 <> 'experiment' OR body ->> 'change' <> 'refused')
    ) AS is_told_later
    FROM (SELECT id, name FROM subjects WHERE ?1 IS NULL OR name = ?1 ORDER BY name LIMIT ?3) AS wanted
    ORDER BY name";

/// The alerts of `found`, each with what was told of it last.
macro_rules! select_alerts {
    ($found:literal) => {
        concat!(
            "SELECT body, (
                SELECT body FROM entries WHERE what = 'alert' AND body ->> '$.alert.id' = +found.id AND at <= ?2
                ORDER BY at DESC, partition DESC, seq DESC LIMIT 1
            ) AS told FROM (",
            $found,
            ") AS found ORDER BY opened_at DESC, id DESC LIMIT ?3"
        )
    };
}

const SELECT_ALERTS: &str = select_alerts!(
    "SELECT * FROM alerts WHERE state = 'firing' AND opened_at <= ?2 AND ?1 IS NULL
    UNION ALL
    SELECT * FROM alerts WHERE state = 'resolved' AND resolved_at > ?2 AND opened_at <= ?2"
);

const SELECT_ALERTS_OF_ONE: &str = select_alerts!(
    "SELECT * FROM alerts WHERE subject_id = (SELECT id FROM subjects WHERE name = ?1) AND opened_at <= ?2
        AND (resolved_at IS NULL OR resolved_at > ?2)"
);

#[cfg(test)]
mod tests;
