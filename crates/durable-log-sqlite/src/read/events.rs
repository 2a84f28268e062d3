use domain::{Event, Subject};
use durable_log::{EventFilter, LogError, Order};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

const DOING: &str = "reading events";

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
        select.push("SELECT * FROM (SELECT at, partition, seq, body FROM entries WHERE what = ").push_bind(*kind);
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

#[cfg(test)]
mod tests;
