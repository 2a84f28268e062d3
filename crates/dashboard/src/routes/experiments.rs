use axum::Json;
use axum::extract::{Path, Query, State};
use domain::{Experiment, Subject};
use durable_log::ExperimentFilter;
use http_service::Problem;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::query::{self, shown};
use super::unreadable;
use crate::Dashboard;

/// Experiments in an answer: by default, and at most.
const LIMIT: u32 = 100;
const MOST: u32 = 1_000;

/// Which experiments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Params {
    /// Only those on this subject.
    #[param(value_type = Option<String>, example = "agent-7")]
    subject: Option<Subject>,
    /// Those that run (`true`), or those that are over; both without it.
    active: Option<bool>,
    /// Goes on after the experiment with this id: the last one of the answer before, asked for in the same way.
    #[param(example = "3-1050.experiment")]
    after: Option<String>,
    /// Most experiments, up to 1,000; 100 without it.
    limit: Option<u32>,
}

/// Experiments.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Experiments {
    /// Latest begun first.
    experiments: Vec<Experiment>,
}

/// One experiment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneExperiment {
    experiment: Experiment,
}

/// Experiments: those that run, those that are over, and those that were refused.
#[utoipa::path(
    get, path = "/api/v1/experiments", tag = "experiments", params(Params),
    responses(
        (status = OK, body = Experiments, description = "Latest begun first"),
        (status = BAD_REQUEST, body = Problem, description = "A parameter that is not allowed"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn list(
    State(dashboard): State<Dashboard>,
    Query(params): Query<Params>,
) -> Result<Json<Experiments>, Problem> {
    let limit = query::limit(params.limit, LIMIT, MOST)?;
    let after = match params.after {
        None => None,
        Some(id) => match dashboard.log.experiment(&id).await.map_err(unreadable)? {
            Some(experiment) => Some((experiment.from, experiment.id)),
            None => return Err(query::nothing_after("no_such_experiment", "experiment", &id)),
        },
    };
    let filter = ExperimentFilter { subject: params.subject, running: params.active, after, limit };
    Ok(Json(Experiments { experiments: dashboard.log.experiments(filter).await.map_err(unreadable)? }))
}

/// One experiment: its phase and dose while it runs, and how it ended. Its artifact, with all that was measured, is at
/// `/api/v1/artifacts?experiment={id}`.
#[utoipa::path(
    get, path = "/api/v1/experiments/{id}", tag = "experiments",
    params(("id" = String, Path, description = "The experiment's id", example = "3-1050.experiment")),
    responses(
        (status = OK, body = OneExperiment, description = "As it is now, or was when it ended"),
        (status = NOT_FOUND, body = Problem, description = "There is none of this id"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The log cannot be read now"),
    )
)]
pub(super) async fn one(
    State(dashboard): State<Dashboard>,
    Path(id): Path<String>,
) -> Result<Json<OneExperiment>, Problem> {
    match dashboard.log.experiment(&id).await.map_err(unreadable)? {
        Some(experiment) => Ok(Json(OneExperiment { experiment })),
        None => Err(Problem::not_found(format!("there is no experiment `{}`", shown(&id)))),
    }
}
