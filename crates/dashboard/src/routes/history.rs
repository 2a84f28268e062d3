use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::{Subject, Timestamp};
use durable_log::HistoryQuery;
use http_service::Problem;
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::OneHistory;
use super::{query, unreadable};
use crate::Dashboard;

/// What is shown when `from` is not given.
const SPAN: Duration = Duration::from_mins(15);
/// Points or samples in an answer: by default, and at most.
const LIMIT: u32 = 5_000;
const MOST: u32 = 20_000;

/// Which part of the past.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// From this moment on; without it 15 minutes before `to`.
    #[param(example = "2026-01-01T00:00:00Z")]
    from: Option<Timestamp>,
    /// Up to this moment, exclusive; without it now.
    to: Option<Timestamp>,
    /// Width of a bucket: seconds, or `10s`, `5m`, `1h`, `1d`. Without it the samples themselves are answered.
    #[param(example = "10s")]
    step: Option<String>,
    /// Most points or samples, up to 20,000; 5,000 without it.
    limit: Option<u32>,
}

/// The past of one subject, raw or in buckets that keep the extremes.
#[utoipa::path(
    get, path = "/api/v1/subjects/{subject}/history", tag = "subjects",
    params(("subject" = String, Path, description = "Its name", example = "agent-7"), Params),
    responses(
        (status = OK, body = OneHistory, description = "Oldest first; empty where nothing is known"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn history(
    State(dashboard): State<Dashboard>,
    Path(subject): Path<Subject>,
    Query(params): Query<Params>,
) -> Result<Json<OneHistory>, Problem> {
    let query = params.into_query(subject, dashboard.log.now())?;
    let history = dashboard.log.history(query.clone()).await.map_err(unreadable)?;
    Ok(Json(OneHistory::new(query, history)))
}

impl Params {
    fn into_query(self, subject: Subject, now: Timestamp) -> Result<HistoryQuery, Problem> {
        let to = self.to.unwrap_or(now);
        let from = self.from.unwrap_or_else(|| to.minus(SPAN));
        if from >= to {
            let detail = format!("`from` ({from}) lies before `to` ({to})");
            return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_range", detail));
        }
        let step = self.step.as_deref().map(query::step).transpose()?;
        let limit = query::limit(self.limit, LIMIT, MOST)?;
        Ok(HistoryQuery { subject, from, to, step, limit })
    }
}
