use domain::{Event, Subject};
use durable_log::{EventFilter, LogError};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

/// Events of some kinds, latest recorded first.
pub(crate) async fn events(readers: &SqlitePool, filter: &EventFilter) -> Result<Vec<Event>, LogError> {
    let kinds = filter.listed_kinds()?;
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let rows = select(&kinds, filter).build_query_scalar().fetch_all(readers).await;
    let bodies: Vec<String> = rows.map_err(reading("reading events"))?;
    bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map_err(reading("reading events"))
}

/// Of each kind the latest, which an index has in this order; then the latest of these.
fn select(kinds: &[&'static str], filter: &EventFilter) -> QueryBuilder<Sqlite> {
    const LATEST_FIRST: &str = " ORDER BY recorded DESC, partition DESC, seq DESC LIMIT ";
    let limit = filter.limit.min(MOST_ROWS);
    let mut select = QueryBuilder::new("SELECT body FROM (");
    for (index, kind) in kinds.iter().enumerate() {
        select.push(if index == 0 { "" } else { " UNION ALL " });
        select.push("SELECT * FROM (SELECT recorded, partition, seq, body FROM entries WHERE what = ").push_bind(*kind);
        if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
            select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.to_owned());
            select.push(")");
        }
        if let Some(from) = filter.from {
            select.push(" AND recorded >= ").push_bind(from.as_micros());
        }
        if let Some(until) = filter.until {
            select.push(" AND recorded < ").push_bind(until.as_micros());
        }
        select.push(LATEST_FIRST).push_bind(limit).push(")");
    }
    select.push(")").push(LATEST_FIRST).push_bind(limit);
    select
}

#[cfg(test)]
mod tests;
