use domain::{Experiment, Subject};
use durable_log::{ExperimentFilter, LogError};
use sqlx::{QueryBuilder, Sqlite, SqlitePool};

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

/// Experiments, latest begun first.
pub(crate) async fn experiments(readers: &SqlitePool, filter: &ExperimentFilter) -> Result<Vec<Experiment>, LogError> {
    const DOING: &str = "reading experiments";
    let rows = select(filter).build_query_scalar().fetch_all(readers).await;
    let bodies: Vec<String> = rows.map_err(reading(DOING))?;
    bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map_err(reading(DOING))
}

/// The experiment with this id.
pub(crate) async fn experiment(readers: &SqlitePool, id: &str) -> Result<Option<Experiment>, LogError> {
    const DOING: &str = "reading an experiment";
    let select = sqlx::query_scalar("SELECT body FROM experiments WHERE id = ?").bind(id);
    let body: Option<String> = select.fetch_optional(readers).await.map_err(reading(DOING))?;
    body.map(|body| json(&body)).transpose().map_err(reading(DOING))
}

fn select(filter: &ExperimentFilter) -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new("SELECT body FROM experiments WHERE true");
    match filter.running {
        Some(true) => _ = select.push(" AND ended_at IS NULL"),
        Some(false) => _ = select.push(" AND ended_at IS NOT NULL"),
        None => {}
    }
    if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
        select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.to_owned()).push(")");
    }
    if let Some((began_at, id)) = &filter.after {
        select
            .push(" AND (began_at, id) < (")
            .push_bind(began_at.as_micros())
            .push(", ")
            .push_bind(id.clone())
            .push(")");
    }
    select.push(" ORDER BY began_at DESC, id DESC LIMIT ").push_bind(filter.limit.min(MOST_ROWS));
    select
}
