use domain::{Event, Subject};
use durable_log::{EventFilter, LogError, Order};
use sqlx::PgConnection;

use super::MOST_ROWS;
use super::rows::json;
use crate::moment::Moment;
use crate::readers::Readers;

/// Where an event stands among all: its time, its partition, its number.
type Place = (Moment, i16, i64);

/// Events of some kinds, in the order of their times.
pub(crate) async fn events(readers: &Readers, filter: &EventFilter) -> Result<Vec<Event>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let after = match &filter.after {
            Some(id) => {
                let Some(place) = place(connection, id).await? else { return Ok(None) };
                Some(place)
            }
            None => None,
        };
        let statement = match (filter.order, filter.steps()) {
            (Order::LatestFirst, None) => SELECT_LATEST,
            (Order::OldestFirst, None) => SELECT_OLDEST,
            (Order::LatestFirst, Some(_)) => SELECT_LATEST_OF_STEPS,
            (Order::OldestFirst, Some(_)) => SELECT_OLDEST_OF_STEPS,
        };
        let mut select = sqlx::query_scalar(statement)
            .bind(filter.each_kind())
            .bind(filter.subject.as_ref().map(Subject::as_str))
            .bind(filter.from.map(Moment))
            .bind(filter.until.map(Moment))
            .bind(after.map(|(at, _, _)| at))
            .bind(after.map(|(_, partition, _)| partition))
            .bind(after.map(|(_, _, seq)| seq))
            .bind(i64::from(filter.limit.min(MOST_ROWS)));
        if let Some((.., step)) = filter.steps() {
            select = select.bind(i64::try_from(step.as_micros()).unwrap_or(i64::MAX));
        }
        let bodies: Vec<String> = select.fetch_all(connection).await?;
        bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map(Some)
    };
    let events = readers.read("reading events", read).await?;
    events.ok_or_else(|| LogError::NoSuchEvent(filter.after.clone().unwrap_or_default()))
}

async fn place(connection: &mut PgConnection, id: &str) -> sqlx::Result<Option<Place>> {
    let select = sqlx::query_as("SELECT at, partition, seq FROM entries WHERE id = $1");
    select.bind(id).fetch_optional(connection).await
}

/// Of each kind the first, which an index has in this order; then the first of these.
macro_rules! select_events {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT body::text FROM unnest($1::text[]) AS wanted (what), LATERAL (
                SELECT at, partition, seq, body FROM entries
                WHERE entries.what = wanted.what
                    AND ($2 IS NULL OR subject_id = (SELECT id FROM subjects WHERE name = $2))
                    AND ($3 IS NULL OR at >= $3)
                    AND ($4 IS NULL OR at < $4)
                    AND ($5::timestamptz IS NULL OR (at, partition, seq) ",
            $beyond,
            " ($5, $6, $7)) ORDER BY ",
            $order,
            " LIMIT $8) AS first_ones ORDER BY ",
            $order,
            " LIMIT $8"
        )
    };
}

const SELECT_LATEST: &str = select_events!("<", "at DESC, partition DESC, seq DESC");
const SELECT_OLDEST: &str = select_events!(">", "at, partition, seq");

/// Of each kind and step the last: one look into the index for each, however many events lie in it.
macro_rules! select_last_of_steps {
    ($beyond:literal, $order:literal) => {
        concat!(
            "SELECT body::text FROM unnest($1::text[]) AS wanted (what),
                generate_series($3::timestamptz, $4::timestamptz - interval '1 microsecond',
                    $9 * interval '1 microsecond') AS begins,
                LATERAL (
                    SELECT at, partition, seq, body FROM entries
                    WHERE entries.what = wanted.what AND subject_id = (SELECT id FROM subjects WHERE name = $2)
                        AND at >= begins AND at < least(begins + $9 * interval '1 microsecond', $4)
                    ORDER BY at DESC, partition DESC, seq DESC
                    LIMIT 1) AS last_ones
            WHERE $5::timestamptz IS NULL OR (at, partition, seq) ",
            $beyond,
            " ($5, $6, $7) ORDER BY ",
            $order,
            " LIMIT $8"
        )
    };
}

const SELECT_LATEST_OF_STEPS: &str = select_last_of_steps!("<", "at DESC, partition DESC, seq DESC");
const SELECT_OLDEST_OF_STEPS: &str = select_last_of_steps!(">", "at, partition, seq");

#[cfg(test)]
mod tests;
