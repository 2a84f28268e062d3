use domain::{Alert, Event};
use durable_log::{LogError, Past, PastQuery, SubjectNow, TELLING, alert_then};
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row};

use super::MOST_ROWS;
use super::rows::json;
use super::snapshot::{BEGIN, subject_now};
use crate::moment::Moment;
use crate::readers::Readers;

/// How everything was at a moment.
pub(crate) async fn past(readers: &Readers, query: &PastQuery) -> Result<Past, LogError> {
    let read = async |connection: &mut PgConnection| {
        let mut transaction = connection.begin_with(BEGIN).await?;
        let subjects = subjects(&mut transaction, query).await?;
        let alerts = alerts(&mut transaction, query).await?;
        transaction.commit().await?;
        Ok(Past::new(subjects, query.limit, alerts))
    };
    readers.read("reading the past", read).await
}

async fn subjects(connection: &mut PgConnection, query: &PastQuery) -> sqlx::Result<Vec<SubjectNow>> {
    // One more than wanted, to see whether there are more.
    let limit = i64::from(query.limit.min(MOST_ROWS)) + 1;
    let ids: Vec<i64> = match &query.subject {
        Some(subject) => sqlx::query_scalar(SELECT_ONE).bind(subject.as_str()),
        None => sqlx::query_scalar(SELECT_FIRST).bind(limit),
    }
    .fetch_all(&mut *connection)
    .await?;
    let at = Moment(query.at);
    let rows = sqlx::query(SELECT_SUBJECTS).bind(&ids).bind(at).fetch_all(&mut *connection).await?;
    let mut subjects = rows.iter().map(subject_now).collect::<sqlx::Result<Vec<_>>>()?;
    for kind in TELLING {
        let rows = sqlx::query(SELECT_TOLD).bind(&ids).bind(at).bind(kind).fetch_all(&mut *connection).await?;
        // The same subjects in the same order.
        for (now, row) in subjects.iter_mut().zip(rows) {
            now.go_back(kind, told(&row)?.as_ref(), row.try_get("is_told_later")?);
        }
    }
    Ok(subjects)
}

async fn alerts(connection: &mut PgConnection, query: &PastQuery) -> sqlx::Result<Vec<Alert>> {
    let at = Moment(query.at);
    let select = match &query.subject {
        Some(subject) => sqlx::query(SELECT_ALERTS_OF_ONE).bind(at).bind(i64::from(MOST_ROWS)).bind(subject.as_str()),
        None => sqlx::query(SELECT_ALERTS).bind(at).bind(i64::from(MOST_ROWS)),
    };
    let rows = select.fetch_all(connection).await?;
    rows.iter().map(|row| Ok(alert_then(json(row.try_get("body")?)?, told(row)?))).collect()
}

fn told(row: &PgRow) -> sqlx::Result<Option<Event>> {
    row.try_get::<Option<&str>, _>("told")?.map(json).transpose()
}

const SELECT_ONE: &str = "SELECT id FROM subjects WHERE name = $1";
const SELECT_FIRST: &str = "SELECT id FROM subjects ORDER BY name COLLATE \"C\" LIMIT $1";

/// The chunks are in the order of their times, so that looking for a subject's latest sample ends in the first of them
/// that has one.
const SELECT_SUBJECTS: &str = "
    SELECT name, latest.at IS NOT NULL AS is_there, latest.at, clarity, chaos, trust, pain, signals::text AS signals,
        verdicts.body::text AS verdict, presences.body::text AS presence
    FROM unnest($1) WITH ORDINALITY AS wanted (id, place)
    JOIN subjects USING (id)
    JOIN heads USING (partition)
    LEFT JOIN LATERAL (
        SELECT * FROM samples WHERE subject_id = wanted.id AND at <= $2 AND samples.seq > heads.pruned
        ORDER BY at DESC LIMIT 1
    ) AS latest ON true
    LEFT JOIN verdicts ON verdicts.subject_id = wanted.id
    LEFT JOIN presences ON presences.subject_id = wanted.id
    ORDER BY place";

/// What was told last of a kind, and whether something of it was told since: in an order, because EXISTS would rather
/// pass through all entries, hoping for an early one. By its text, as everywhere: a person's words may hold \u0000.
const SELECT_TOLD: &str = "
    SELECT (
        SELECT body::text FROM entries WHERE subject_id = wanted.id AND what = $3 AND at <= $2
            AND ($3 <> 'experiment' OR body::text NOT LIKE '%\"kind\":\"experiment\",\"change\":\"refused\"%')
        ORDER BY at DESC, partition DESC, seq DESC LIMIT 1
    ) AS told,
    (
        SELECT at FROM entries WHERE subject_id = wanted.id AND what = $3 AND at > $2
            AND ($3 <> 'experiment' OR body::text NOT LIKE '%\"kind\":\"experiment\",\"change\":\"refused\"%')
        ORDER BY at LIMIT 1
    ) IS NOT NULL AS is_told_later
    FROM unnest($1) WITH ORDINALITY AS wanted (id, place)
    ORDER BY place";

/// The alerts of `found`, each with what was told of it last. An index knows them by their text, because the operators
/// of `json` refuse bodies in which somewhere a person wrote \u0000.
macro_rules! select_alerts {
    ($found:literal) => {
        concat!(
            "SELECT body::text AS body, (
                SELECT body::text FROM entries WHERE what = 'alert'
                    AND substring(body::text FROM '\"alert\":\\{\"id\":\"([^\"]+)\"') = found.id AND at <= $1
                ORDER BY at DESC, partition DESC, seq DESC LIMIT 1
            ) AS told FROM (",
            $found,
            ") AS found ORDER BY opened_at DESC, id DESC LIMIT $2"
        )
    };
}

const SELECT_ALERTS: &str = select_alerts!(
    "SELECT * FROM alerts WHERE state = 'firing' AND opened_at <= $1
    UNION ALL
    SELECT * FROM alerts WHERE state = 'resolved' AND resolved_at > $1 AND opened_at <= $1"
);

const SELECT_ALERTS_OF_ONE: &str = select_alerts!(
    "SELECT * FROM alerts WHERE subject_id = (SELECT id FROM subjects WHERE name = $3) AND opened_at <= $1
        AND (resolved_at IS NULL OR resolved_at > $1)"
);

#[cfg(test)]
mod tests;
