use axum::Json;
use axum::extract::{Query, State};
use domain::{EventBody, Silence, Subject};
use durable_log::EventFilter;
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{query, unreadable};
use crate::Dashboard;

/// Silences in an answer: by default, and at most.
const LIMIT: u32 = 100;
const MOST: u32 = 1_000;

/// Which silences.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Only those of this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// Those that are in force (`true`, also without it), or those that are over.
    active: Option<bool>,
    /// Most silences, up to 1,000; 100 without it.
    limit: Option<u32>,
}

/// Silences.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Silences {
    /// Latest first: by their beginning while they are in force, else by their end.
    silences: Vec<Silence>,
}

/// What people do not want to be told of, now or in the past.
#[utoipa::path(
    get, path = "/api/v1/silences", tag = "silences", params(Params),
    responses(
        (status = OK, body = Silences, description = "Latest first"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Silences>, Problem> {
    let limit = query::limit(params.limit, LIMIT, MOST)?;
    let mut silences = match params.active {
        Some(false) => over(&dashboard, params.subject, limit).await?,
        Some(true) | None => in_force(&dashboard, params.subject.as_ref()),
    };
    silences.truncate(limit as usize);
    Ok(Json(Silences { silences }))
}

fn in_force(dashboard: &Dashboard, subject: Option<&Subject>) -> Vec<Silence> {
    let subjects = match subject {
        Some(subject) => dashboard.hub.subject(subject).into_iter().collect(),
        None => dashboard.hub.subjects(),
    };
    let mut silences: Vec<_> = subjects.iter().flat_map(|now| &now.presence.silences).cloned().collect();
    silences.sort_by_key(|silence| std::cmp::Reverse(silence.from));
    silences
}

/// Each begins once and ends once: so of twice as many changes at least half tell of ends, but for those in force.
async fn over(dashboard: &Dashboard, subject: Option<Subject>, limit: u32) -> Result<Vec<Silence>, Problem> {
    let still = in_force(dashboard, subject.as_ref()).len();
    let changes = 2 * limit + u32::try_from(still).unwrap_or(MOST).min(MOST);
    let filter = EventFilter { kinds: vec!["silence"], subject, limit: changes, ..EventFilter::default() };
    let events = dashboard.log.events(filter).await.map_err(unreadable)?;
    let over = events.into_iter().filter_map(|event| match event.body {
        EventBody::Silence { silence, .. } => Some(silence).filter(|silence| silence.ended.is_some()),
        _ => None,
    });
    Ok(over.collect())
}
