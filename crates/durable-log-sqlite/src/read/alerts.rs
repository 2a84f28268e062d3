use domain::{Alert, Subject, Timestamp};
use durable_log::{AlertFilter, LogError};
use log_writer::state_name;
use sqlx::SqlitePool;

use super::MOST_ROWS;
use super::rows::json;
use crate::error::reading;

/// Alerts, latest opened first.
pub(crate) async fn alerts(readers: &SqlitePool, filter: &AlertFilter) -> Result<Vec<Alert>, LogError> {
    let bodies: Vec<String> = sqlx::query_scalar(SELECT_ALERTS)
        .bind(filter.state.map(state_name))
        .bind(filter.subject.as_ref().map(Subject::as_str))
        .bind(filter.ended_since.map(Timestamp::as_micros))
        .bind(filter.opened_until.map(Timestamp::as_micros))
        .bind(filter.after.as_ref().map(|(opened_at, _)| opened_at.as_micros()))
        .bind(filter.after.as_ref().map(|(_, id)| id))
        .bind(filter.limit.min(MOST_ROWS))
        .fetch_all(readers)
        .await
        .map_err(reading("reading alerts"))?;
    bodies.iter().map(|body| json(body)).collect::<sqlx::Result<_>>().map_err(reading("reading alerts"))
}

/// The alert with this id.
pub(crate) async fn alert(readers: &SqlitePool, id: &str) -> Result<Option<Alert>, LogError> {
    let body: Option<String> = sqlx::query_scalar("SELECT body FROM alerts WHERE id = ?")
        .bind(id)
        .fetch_optional(readers)
        .await
        .map_err(reading("reading an alert"))?;
    body.map(|body| json(&body)).transpose().map_err(reading("reading an alert"))
}

const SELECT_ALERTS: &str = "
    SELECT body FROM alerts
    WHERE (?1 IS NULL OR state = ?1)
        AND (?2 IS NULL OR subject_id = (SELECT id FROM subjects WHERE name = ?2))
        AND (?3 IS NULL OR state = 'firing' OR resolved_at >= ?3)
        AND (?4 IS NULL OR opened_at <= ?4)
        AND (?5 IS NULL OR (opened_at, id) < (?5, ?6))
    ORDER BY opened_at DESC, id DESC LIMIT ?7";
