use domain::{Experiment, Subject};
use durable_log::{ExperimentFilter, LogError};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::MOST_ROWS;
use super::rows::json;
use crate::moment::Moment;
use crate::readers::Readers;

/// Experiments, latest begun first.
pub(crate) async fn experiments(readers: &Readers, filter: &ExperimentFilter) -> Result<Vec<Experiment>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let bodies: Vec<String> = select(filter).build_query_scalar().fetch_all(connection).await?;
        bodies.iter().map(|body| json(body)).collect()
    };
    readers.read("reading experiments", read).await
}

/// The experiment with this id.
pub(crate) async fn experiment(readers: &Readers, id: &str) -> Result<Option<Experiment>, LogError> {
    let select = sqlx::query_scalar("SELECT body::text FROM experiments WHERE id = $1").bind(id);
    let read = async |connection: &mut PgConnection| {
        let body: Option<String> = select.fetch_optional(connection).await?;
        body.map(|body| json(&body)).transpose()
    };
    readers.read("reading an experiment", read).await
}

fn select(filter: &ExperimentFilter) -> QueryBuilder<Postgres> {
    let mut select = QueryBuilder::new("SELECT body::text FROM experiments WHERE true");
    match filter.running {
        Some(true) => _ = select.push(" AND ended_at IS NULL"),
        Some(false) => _ = select.push(" AND ended_at IS NOT NULL"),
        None => {}
    }
    if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
        select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.to_owned()).push(")");
    }
    if let Some((began_at, id)) = &filter.after {
        select.push(" AND (began_at, id) < (").push_bind(Moment(*began_at)).push(", ").push_bind(id.clone()).push(")");
    }
    select.push(" ORDER BY began_at DESC, id DESC LIMIT ").push_bind(i64::from(filter.limit.min(MOST_ROWS)));
    select
}
