//! `POST /api/v1/experiments` begins one, `POST …/{id}/stop` ends one before its time.

use std::time::Duration;

use access::Caller;
use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use domain::{Command, Experiment, Outcome};
use experiments::{SHIPPED, Script};
use http_service::{Made, Problem};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::lab::{Lab, MOST, Sight};
use crate::body;
use crate::routes::person;
use crate::routes::samples::problem;

/// The engine is given up after ten seconds, which is told then.
const ANSWER_WITHIN: Duration = Duration::from_secs(12);
/// How long the answer waits for the engine to end one.
const STOPPED_WITHIN: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Who asked, where nobody says.
const SOMEBODY: &str = "iskra";
const COME_BACK: Duration = Duration::from_secs(30);
/// The largest file.
const MOST_BYTES: usize = 256 * 1024;

/// One that comes with Iskra.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Named {
    #[schema(example = "demo")]
    name: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// How the person who begins it names themselves.
    #[param(example = "Ann")]
    by: Option<String>,
}

/// Who ends it, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StopExperiment)]
struct Stop {
    /// How the person names themselves: 1 to 128 bytes without control characters. Where a token speaks, its name counts.
    #[serde(default)]
    #[schema(example = "Ann")]
    by: String,
    /// A remark, up to 1,024 bytes.
    #[serde(default)]
    note: String,
}

/// The experiment, as it is now known.
#[derive(Debug, Serialize, ToSchema)]
struct ExperimentBody {
    experiment: Experiment,
}

/// What only the one who runs it knows.
#[derive(Debug, Serialize, ToSchema)]
struct RunBody {
    #[schema(value_type = Object)]
    run: Sight,
}

type Answer = Result<(StatusCode, Extension<Made>, Json<ExperimentBody>), Problem>;

pub(crate) fn router(lab: Lab) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(begin)).routes(routes!(run)).routes(routes!(stop)).with_state(lab)
}

/// Runs an experiment in real time: the text of its file (YAML), or `{"name":"demo"}` for one that comes with Iskra.
#[utoipa::path(
    post, path = "/api/v1/experiments", tag = "experiments", params(Asked),
    request_body(content((Named = "application/json"), (String = "application/yaml"))),
    responses(
        (status = CREATED, body = ExperimentBody, description = "It runs"),
        (status = NOT_FOUND, body = Problem, description = "None of this name comes with Iskra"),
        (status = CONFLICT, body = Problem, description = "The engine refused it: `reason` says why, in both languages"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "A mistake in the file, with its line; or it has \
            times of its own, which the rules in force have not"),
        (status = TOO_MANY_REQUESTS, body = Problem, description = "Too many run already"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The engine did not answer, or the log is away"),
    )
)]
async fn begin(
    State(lab): State<Lab>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let by = caller.speaks_as(asked.by.unwrap_or_else(|| SOMEBODY.to_owned()));
    person::check(&by, "", "bad_experiment")?;
    let text = body::read(&headers, body, MOST_BYTES).await?;
    let script = script(&lab, &headers, &text)?;
    if let Some(why) = script.needs_own_rules() {
        return Err(refuse("own_rules", format!("{}: run it on a simulated clock (iskra experiment run)", why.en)));
    }
    let Some(place) = lab.place() else {
        let detail = format!("{MOST} experiments run already, the most there can be at once");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_experiments", detail).retry_after(COME_BACK));
    };
    let mut view = lab.begin(script, by, place).await.map_err(problem)?;
    let is_answered = |view: &super::lab::View| view.experiment.is_some() || view.sight.report.is_some();
    let answered = timeout(ANSWER_WITHIN, view.wait_for(is_answered)).await;
    let experiment = answered.ok().and_then(Result::ok).and_then(|view| view.experiment.clone());
    let experiment = experiment.ok_or_else(|| {
        let detail = "the SLO engine did not answer: is it running? Nothing was begun";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "engine_silent", detail).retry_after(COME_BACK)
    })?;
    match &experiment.ended {
        Some(end) if end.outcome == Outcome::Refused => {
            let problem = Problem::new(StatusCode::CONFLICT, "experiment_refused", end.reason.en.clone());
            let reason = serde_json::to_value(&end.reason).unwrap_or_default();
            Err(problem.with("reason", reason).with("experiment", experiment.id.clone()))
        }
        _ => Ok(answer(StatusCode::CREATED, experiment)),
    }
}

/// How far an experiment is, and its whole report when it is over: known to the service that runs it, until that ends.
#[utoipa::path(
    get, path = "/api/v1/experiments/{id}/run", tag = "experiments",
    params(("id" = String, Path, description = "The experiment's id", example = "3-1050.experiment")),
    responses(
        (status = OK, body = RunBody, description = "`progress`, and `report` when it is over"),
        (status = NOT_FOUND, body = Problem, description = "This service does not run it"),
    )
)]
async fn run(State(lab): State<Lab>, Path(id): Path<String>) -> Result<Json<RunBody>, Problem> {
    let run = lab.sight(&id).ok_or_else(|| Problem::not_found("this service does not run an experiment of that id"))?;
    Ok(Json(RunBody { run }))
}

/// Ends an experiment before its time, whoever runs it.
#[utoipa::path(
    post, path = "/api/v1/experiments/{id}/stop", tag = "experiments",
    params(("id" = String, Path, description = "The experiment's id", example = "3-1050.experiment")),
    request_body = Stop,
    responses(
        (status = OK, body = ExperimentBody, description = "It is over, now or before"),
        (status = ACCEPTED, body = ExperimentBody, description = "It is in the log; the engine has not come to it yet"),
        (status = NOT_FOUND, body = Problem),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "A name or a note that is not allowed"),
    )
)]
async fn stop(
    State(lab): State<Lab>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(Stop { by, note }): Json<Stop>,
) -> Answer {
    let by = caller.speaks_as(by);
    person::check(&by, &note, "bad_experiment")?;
    let mut experiment = known(&lab, &id).await?;
    if experiment.ended.is_none() {
        let outcome = Outcome::Stopped;
        let conclude = Command::Conclude { experiment: id.clone(), outcome, by: Some(by), note };
        lab.log.append_command(experiment.subject.clone(), conclude).await.map_err(problem)?;
        let deadline = Instant::now() + STOPPED_WITHIN;
        while experiment.ended.is_none() && Instant::now() < deadline {
            sleep(LOOK_EVERY).await;
            experiment = known(&lab, &id).await?;
        }
    }
    let status = if experiment.ended.is_some() { StatusCode::OK } else { StatusCode::ACCEPTED };
    Ok(answer(status, experiment))
}

fn answer(status: StatusCode, experiment: Experiment) -> (StatusCode, Extension<Made>, Json<ExperimentBody>) {
    (status, Extension(Made(experiment.id.clone())), Json(ExperimentBody { experiment }))
}

async fn known(lab: &Lab, id: &str) -> Result<Experiment, Problem> {
    let experiment = lab.log.experiment(id).await.map_err(problem)?;
    experiment.ok_or_else(|| Problem::not_found("there is no experiment of that id"))
}

/// Reads what is to be run under the rules in force.
fn script(lab: &Lab, headers: &HeaderMap, text: &str) -> Result<Script, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let rules = lab.rules.current();
    let (file, text) = if content_type.starts_with("application/json") {
        let named: Named = serde_json::from_str(text).map_err(|wrong| refuse("bad_json", wrong.to_string()))?;
        let shipped = SHIPPED.iter().find(|(name, _)| *name == named.name);
        *shipped.ok_or_else(|| {
            let names = SHIPPED.map(|(name, _)| name).join(", ");
            Problem::not_found(format!("none of that name comes with Iskra; there are {names}"))
        })?
    } else {
        ("experiment", text)
    };
    Script::parse(file, text, &rules).map_err(|wrong| refuse("bad_experiment", wrong.to_string()))
}

fn refuse(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}
