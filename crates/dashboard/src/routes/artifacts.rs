//! ∆DΩΛ artifacts with their records: elsewhere it is only told that they were kept.

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::{Artifact, Subject};
use durable_log::ArtifactFilter;
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, shown};
use super::unreadable;
use crate::Dashboard;

/// Artifacts in an answer: by default, and at most. One may have 64 KiB.
const LIMIT: u32 = 20;
const MOST: u32 = 100;

/// Which artifacts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Only those of this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// Only those that belong to this alert.
    #[param(example = "3-1042.pain_critical_high")]
    alert: Option<String>,
    /// Only those that belong to this experiment.
    #[param(example = "3-1050.experiment")]
    experiment: Option<String>,
    /// Only those that name this event.
    #[param(example = "3-1042.seam")]
    event: Option<String>,
    /// Goes on after the artifact with this id: the last one of the answer before, asked for in the same way.
    #[param(example = "3-1042.pain_critical_high.artifact")]
    after: Option<String>,
    /// Most artifacts, up to 100; 20 without it.
    limit: Option<u32>,
}

/// Artifacts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Artifacts {
    /// Latest first, with their records.
    artifacts: Vec<Artifact>,
}

/// One artifact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneArtifact {
    artifact: Artifact,
}

/// What changed, on what evidence, how sure, what next: of a subject, or of what it belongs to.
#[utoipa::path(
    get, path = "/api/v1/artifacts", tag = "artifacts", params(Params),
    responses(
        (status = OK, body = Artifacts, description = "Latest first"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Artifacts>, Problem> {
    let limit = query::limit(params.limit, LIMIT, MOST)?;
    let after = match params.after {
        None => None,
        Some(id) => match dashboard.log.artifact(&id).await.map_err(unreadable)? {
            Some(artifact) => Some((artifact.at, artifact.id)),
            None => return Err(query::nothing_after("no_such_artifact", "artifact", &id)),
        },
    };
    let Params { subject, alert, experiment, event, .. } = params;
    let filter = ArtifactFilter { subject, alert, experiment, event, after, limit };
    Ok(Json(Artifacts { artifacts: dashboard.log.artifacts(filter).await.map_err(unreadable)? }))
}

/// One artifact, with its record.
#[utoipa::path(
    get, path = "/api/v1/artifacts/{id}", tag = "artifacts",
    params(("id" = String, Path, description = "The artifact's id", example = "3-1042.pain_critical_high.artifact")),
    responses(
        (status = OK, body = OneArtifact, description = "The artifact"),
        (status = NOT_FOUND, body = Problem, description = "There is none of this id"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn one(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
) -> Result<Json<OneArtifact>, Problem> {
    match dashboard.log.artifact(&id).await.map_err(unreadable)? {
        Some(artifact) => Ok(Json(OneArtifact { artifact })),
        None => Err(Problem::not_found(format!("there is no artifact `{}`", shown(&id)))),
    }
}
