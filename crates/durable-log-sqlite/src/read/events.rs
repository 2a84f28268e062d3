use std::time::Duration;

use domain::{Event, Subject, Timestamp};
use durable_log::{EventFilter, LogError, Order};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

const DOING: &str = "reading events";

/// Said, because without statistics SQLite thinks more of two bounds of time than of a subject.
const BY_SUBJECT: &str = "entries INDEXED BY entries_by_subject";

/// Where an event stands among all: its time, its partition, its number.
type Place = (i64, u16, i64);

/// Events of some kinds, in the order of their times.
pub(crate) async fn events(readers: &SqlitePool, filter: &EventFilter) -> Result<Vec<Event>, LogError> {
    let kinds = filter.each_kind();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let after = match &filter.after {
        Some(id) => Some(place(readers, id).await?),
        None => None,
    };
    let rows = select(&kinds, filter, after).build_query_scalar().fetch_all(readers).await;
    let bodies: Vec<String> = rows.map_err(reading(DOING))?;
    bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map_err(reading(DOING))
}

async fn place(readers: &SqlitePool, id: &str) -> Result<Place, LogError> {
    let select = sqlx::query_as("SELECT at, partition, seq FROM entries WHERE id = ?").bind(id);
    let place = select.fetch_optional(readers).await.map_err(reading(DOING))?;
    place.ok_or_else(|| LogError::NoSuchEvent(id.to_owned()))
}

/// Of each kind the first, which an index has in this order; then the first of these.
fn select(kinds: &[&'static str], filter: &EventFilter, after: Option<Place>) -> QueryBuilder<Sqlite> {
    let (beyond, order) = match filter.order {
        Order::LatestFirst => ("<", " ORDER BY at DESC, partition DESC, seq DESC LIMIT "),
        Order::OldestFirst => (">", " ORDER BY at, partition, seq LIMIT "),
    };
    let limit = filter.limit.min(MOST_ROWS);
    let mut select = QueryBuilder::new("SELECT body FROM (");
    for (index, kind) in kinds.iter().enumerate() {
        select.push(if index == 0 { "" } else { " UNION ALL " });
        select.push("SELECT * FROM (SELECT at, partition, seq, body FROM ");
        match (filter.steps(), &filter.subject) {
            (Some(steps), Some(subject)) => push_last_of_steps(&mut select, (kind, subject), steps),
            (None, Some(_)) => _ = select.push(BY_SUBJECT),
            (_, None) => _ = select.push("entries"),
        }
        select.push(" WHERE what = ").push_bind(*kind);
        if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
            select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.to_owned());
            select.push(")");
        }
        if let Some(from) = filter.from {
            select.push(" AND at >= ").push_bind(from.as_micros());
        }
        if let Some(until) = filter.until {
            select.push(" AND at < ").push_bind(until.as_micros());
        }
        if let Some((at, partition, seq)) = after {
            select.push(format!(" AND (at, partition, seq) {beyond} (")).push_bind(at).push(", ");
            select.push_bind(partition).push(", ").push_bind(seq).push(")");
        }
        select.push(order).push_bind(limit).push(")");
    }
    select.push(")").push(order).push_bind(limit);
    select
}

/// Of each step one look into the index, however many events lie in it.
fn push_last_of_steps(
    select: &mut QueryBuilder<Sqlite>,
    (kind, subject): (&'static str, &Subject),
    (from, until, step): (Timestamp, Timestamp, Duration),
) {
    let step = i64::try_from(step.as_micros()).unwrap_or(i64::MAX);
    select.push("(WITH RECURSIVE steps (begins) AS (SELECT ").push_bind(from.as_micros());
    select.push(" UNION ALL SELECT begins + ").push_bind(step).push(" FROM steps WHERE begins + ").push_bind(step);
    select.push(" < ").push_bind(until.as_micros());
    select.push(") SELECT (SELECT id FROM ").push(BY_SUBJECT).push(" WHERE what = ").push_bind(kind);
    select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.as_str().to_owned());
    select.push(") AND at >= begins AND at < min(begins + ").push_bind(step).push(", ").push_bind(until.as_micros());
    select.push(
        ") ORDER BY at DESC, partition DESC, seq DESC LIMIT 1) AS last FROM steps) CROSS JOIN entries ON id = last",
    );
}

#[cfg(test)]
mod tests;
