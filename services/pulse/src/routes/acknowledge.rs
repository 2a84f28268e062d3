//! `POST /api/v1/alerts/{id}/acknowledge`: "I have seen this alert."

use std::sync::Arc;
use std::time::Duration;

use access::Caller;
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use domain::{Alert, AlertState, Command};
use durable_log::Log;
use http_service::Problem;
use hub::Hub;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::person;
use super::samples::problem;

/// How long the answer waits for the engine to take note.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the route needs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) hub: Arc<Hub>,
}

/// Who has seen it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acknowledge {
    /// How the person names themselves: 1 to 128 bytes without control characters. Where a token speaks, its name counts.
    #[serde(default)]
    #[schema(example = "Ann")]
    by: String,
    /// A remark, up to 1,024 bytes.
    #[serde(default)]
    #[schema(example = "on it")]
    note: String,
}

/// The alert, as it is now known.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertBody {
    alert: Alert,
}

pub(crate) fn router(desk: Desk) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(acknowledge)).with_state(desk)
}

/// Notes that a person has seen an alert. It mutes the noise, never the resolve.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/acknowledge", tag = "alerts",
    params(("id" = String, Path, description = "The alert's id", example = "3-1042.pain_critical_high")),
    request_body = Acknowledge,
    responses(
        (status = OK, body = AlertBody, description = "The engine has taken note, now or before"),
        (status = ACCEPTED, body = AlertBody, description = "It is in the log; the engine has not come to it yet"),
        (status = NOT_FOUND, body = Problem),
        (status = CONFLICT, body = Problem, description = "The alert is over"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "A name or a note that is not allowed"),
    )
)]
async fn acknowledge(
    State(desk): State<Desk>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(request): Json<Acknowledge>,
) -> Result<(StatusCode, Json<AlertBody>), Problem> {
    let by = caller.speaks_as(request.by);
    person::check(&by, &request.note, "bad_acknowledgement")?;
    let alert = desk.log.alert(&id).await.map_err(problem)?;
    let alert = alert.ok_or_else(|| Problem::not_found(format!("there is no alert `{id}`")))?;
    if alert.acknowledged.is_some() {
        return Ok((StatusCode::OK, Json(AlertBody { alert })));
    }
    if alert.state == AlertState::Resolved {
        return Err(Problem::new(StatusCode::CONFLICT, "alert_is_over", "the alert is over: there is nothing to do"));
    }
    // Waiting begins before the command is written, so that the answer cannot slip by.
    let is_noted = |alert: &Alert| alert.acknowledged.is_some() || alert.state == AlertState::Resolved;
    let noted = desk.hub.wait_for_alert(&id, is_noted, PATIENCE);
    let command = Command::Acknowledge { alert: id.clone(), by, note: request.note };
    let written = desk.log.append_command(alert.subject.clone(), command);
    let (noted, _) = tokio::try_join!(async { Ok(noted.await) }, async { written.await.map_err(problem) })?;
    match noted {
        Some(noted) => Ok((StatusCode::OK, Json(AlertBody { alert: Alert::clone(&noted) }))),
        None => Ok((StatusCode::ACCEPTED, Json(AlertBody { alert }))),
    }
}
