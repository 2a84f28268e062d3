use domain::{Event, Subject};
use durable_log::{EventFilter, LogError};
use sqlx::PgConnection;

use super::MOST_ROWS;
use super::rows::json;
use crate::moment::Moment;
use crate::readers::Readers;

/// Events of some kinds, latest recorded first.
pub(crate) async fn events(readers: &Readers, filter: &EventFilter) -> Result<Vec<Event>, LogError> {
    let select = sqlx::query_scalar(SELECT_EVENTS)
        .bind(filter.listed_kinds()?)
        .bind(filter.subject.as_ref().map(Subject::as_str))
        .bind(filter.from.map(Moment))
        .bind(filter.until.map(Moment))
        .bind(i64::from(filter.limit.min(MOST_ROWS)));
    let read = async |connection: &mut PgConnection| {
        let bodies: Vec<String> = select.fetch_all(connection).await?;
        bodies.iter().map(|body| json(body)).collect()
    };
    readers.read("reading events", read).await
}

/// Of each kind the latest, which an index has in this order; then the latest of these.
const SELECT_EVENTS: &str = "
    SELECT body::text FROM unnest($1::text[]) AS wanted (what), LATERAL (
        SELECT recorded, partition, seq, body FROM entries
        WHERE entries.what = wanted.what
            AND ($2 IS NULL OR subject_id = (SELECT id FROM subjects WHERE name = $2))
            AND ($3 IS NULL OR recorded >= $3)
            AND ($4 IS NULL OR recorded < $4)
        ORDER BY recorded DESC, partition DESC, seq DESC LIMIT $5
    ) AS latest
    ORDER BY recorded DESC, partition DESC, seq DESC LIMIT $5";

#[cfg(test)]
mod tests;
