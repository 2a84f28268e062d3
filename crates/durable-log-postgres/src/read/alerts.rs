use domain::{Alert, Subject};
use durable_log::{AlertFilter, LogError};
use log_writer::state_name;
use sqlx::PgConnection;

use super::MOST_ROWS;
use super::rows::json;
use crate::moment::Moment;
use crate::readers::Readers;

/// Alerts, latest opened first.
pub(crate) async fn alerts(readers: &Readers, filter: &AlertFilter) -> Result<Vec<Alert>, LogError> {
    let select = sqlx::query_scalar(SELECT_ALERTS)
        .bind(filter.state.map(state_name))
        .bind(filter.subject.as_ref().map(Subject::as_str))
        .bind(filter.ended_since.map(Moment))
        .bind(filter.opened_until.map(Moment))
        .bind(filter.after.as_ref().map(|(opened_at, _)| Moment(*opened_at)))
        .bind(filter.after.as_ref().map(|(_, id)| id))
        .bind(i64::from(filter.limit.min(MOST_ROWS)));
    let read = async |connection: &mut PgConnection| {
        let bodies: Vec<String> = select.fetch_all(connection).await?;
        bodies.iter().map(|body| json(body)).collect()
    };
    readers.read("reading alerts", read).await
}

/// The alert with this id.
pub(crate) async fn alert(readers: &Readers, id: &str) -> Result<Option<Alert>, LogError> {
    let select = sqlx::query_scalar("SELECT body::text FROM alerts WHERE id = $1").bind(id);
    let read = async |connection: &mut PgConnection| {
        let body: Option<String> = select.fetch_optional(connection).await?;
        body.map(|body| json(&body)).transpose()
    };
    readers.read("reading an alert", read).await
}

const SELECT_ALERTS: &str = "
    SELECT body::text FROM alerts
    WHERE ($1 IS NULL OR state = $1)
        AND ($2 IS NULL OR subject_id = (SELECT id FROM subjects WHERE name = $2))
        AND ($3 IS NULL OR state = 'firing' OR resolved_at >= $3)
        AND ($4 IS NULL OR opened_at <= $4)
        AND ($5 IS NULL OR (opened_at, id) < ($5, $6))
    ORDER BY opened_at DESC, id DESC LIMIT $7";
