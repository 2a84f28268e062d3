use domain::{Artifact, Subject};
use durable_log::{ArtifactFilter, LogError};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

/// Artifacts, latest first.
pub(crate) async fn artifacts(readers: &SqlitePool, filter: &ArtifactFilter) -> Result<Vec<Artifact>, LogError> {
    const DOING: &str = "reading artifacts";
    let rows = select(filter).build_query_scalar().fetch_all(readers).await;
    let bodies: Vec<String> = rows.map_err(reading(DOING))?;
    bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map_err(reading(DOING))
}

/// The artifact with this id.
pub(crate) async fn artifact(readers: &SqlitePool, id: &str) -> Result<Option<Artifact>, LogError> {
    const DOING: &str = "reading an artifact";
    let select = sqlx::query_scalar("SELECT body FROM artifacts WHERE id = ?").bind(id);
    let body: Option<String> = select.fetch_optional(readers).await.map_err(reading(DOING))?;
    body.map(|body| json(&body)).transpose().map_err(reading(DOING))
}

/// Only what is asked for stands in the statement, so that its index is found. What belongs to one thing is little, what
/// belongs to a subject may be much: so `+` hides the subject's index where another one leads to less.
fn select(filter: &ArtifactFilter) -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new("SELECT body FROM artifacts WHERE true");
    for (kind, about) in filter.links() {
        select.push(" AND id IN (SELECT artifact FROM artifact_links WHERE about = ").push_bind(about.to_owned());
        select.push(" AND kind = ").push_bind(kind).push(")");
    }
    if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
        let column = if filter.links().next().is_some() { "+subject_id" } else { "subject_id" };
        select.push(format!(" AND {column} = (SELECT id FROM subjects WHERE name = "));
        select.push_bind(subject.to_owned()).push(")");
    }
    if let Some((at, id)) = &filter.after {
        select.push(" AND (at, id) < (").push_bind(at.as_micros()).push(", ").push_bind(id.clone()).push(")");
    }
    select.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(filter.limit.min(MOST_ROWS));
    select
}

#[cfg(test)]
mod tests;
