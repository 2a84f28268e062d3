use domain::{Artifact, Subject};
use durable_log::{ArtifactFilter, LogError};
use sqlx::{PgConnection, Postgres, QueryBuilder};

use super::MOST_ROWS;
use super::rows::json;
use crate::moment::Moment;
use crate::readers::Readers;

/// Artifacts, latest first.
pub(crate) async fn artifacts(readers: &Readers, filter: &ArtifactFilter) -> Result<Vec<Artifact>, LogError> {
    let read = async |connection: &mut PgConnection| {
        let bodies: Vec<String> = select(filter).build_query_scalar().fetch_all(connection).await?;
        bodies.iter().map(|body| json(body)).collect()
    };
    readers.read("reading artifacts", read).await
}

/// The artifact with this id.
pub(crate) async fn artifact(readers: &Readers, id: &str) -> Result<Option<Artifact>, LogError> {
    let select = sqlx::query_scalar("SELECT body::text FROM artifacts WHERE id = $1").bind(id);
    let read = async |connection: &mut PgConnection| {
        let body: Option<String> = select.fetch_optional(connection).await?;
        body.map(|body| json(&body)).transpose()
    };
    readers.read("reading an artifact", read).await
}

/// Only what is asked for stands in the statement, so that its index is found.
fn select(filter: &ArtifactFilter) -> QueryBuilder<Postgres> {
    let mut select = QueryBuilder::new("SELECT body::text FROM artifacts WHERE true");
    for (kind, about) in filter.links() {
        select.push(" AND id IN (SELECT artifact FROM artifact_links WHERE about = ").push_bind(about.to_owned());
        select.push(" AND kind = ").push_bind(kind).push(")");
    }
    if let Some(subject) = filter.subject.as_ref().map(Subject::as_str) {
        select.push(" AND subject_id = (SELECT id FROM subjects WHERE name = ").push_bind(subject.to_owned()).push(")");
    }
    if let Some((at, id)) = &filter.after {
        select.push(" AND (at, id) < (").push_bind(Moment(*at)).push(", ").push_bind(id.clone()).push(")");
    }
    select.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(filter.limit.min(MOST_ROWS)));
    select
}
