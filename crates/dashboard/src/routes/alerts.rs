use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::{AlertState, Subject, Timestamp};
use durable_log::AlertFilter;
use http_service::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::{Alerts, OneAlert};
use super::{query, unreadable};
use crate::Dashboard;

/// Alerts in an answer: by default, and at most.
const LIMIT: u32 = 100;
const MOST: u32 = 1_000;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Only those that fire, or only those that are over.
    state: Option<AlertState>,
    /// Only those of this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// Only those that fired at this moment or later.
    from: Option<Timestamp>,
    /// Only those that fired at this moment or before.
    to: Option<Timestamp>,
    /// Most alerts, up to 1,000; 100 without it.
    limit: Option<u32>,
}

/// Alerts, those that fire and those that are over.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "alerts", params(Params),
    responses(
        (status = OK, body = Alerts, description = "Latest opened first"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Alerts>, Problem> {
    let limit = query::limit(params.limit, LIMIT, MOST)?;
    let Params { state, subject, from: ended_since, to: opened_until, .. } = params;
    if let Some((from, to)) = ended_since.zip(opened_until).filter(|(from, to)| from > to) {
        let detail = format!("`from` ({from}) is not after `to` ({to})");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_range", detail));
    }
    let filter = AlertFilter { state, subject, ended_since, opened_until, after: None, limit };
    Ok(Json(Alerts { alerts: dashboard.log.alerts(filter).await.map_err(unreadable)? }))
}

/// One alert, with its whole story.
#[utoipa::path(
    get, path = "/api/v1/alerts/{id}", tag = "alerts",
    params(("id" = String, Path, description = "The alert's id", example = "3-1042.pain_critical_high")),
    responses(
        (status = OK, body = OneAlert, description = "The alert"),
        (status = NOT_FOUND, body = Problem, description = "There is none of this id"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn one(State(dashboard): State<Dashboard>, Path(id): Path<String>) -> Result<Json<OneAlert>, Problem> {
    match dashboard.log.alert(&id).await.map_err(unreadable)? {
        Some(alert) => Ok(Json(OneAlert { alert })),
        None => Err(Problem::not_found(format!("there is no alert `{id}`"))),
    }
}
