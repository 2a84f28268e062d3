//! `POST /api/v1/artifacts`: "Keep this record with what it belongs to."

use std::sync::Arc;
use std::time::Duration;

use access::Caller;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use domain::{About, Artifact, ArtifactStatus, Command, Subject, limits};
use durable_log::{ArtifactFilter, Log, partition_of};
use http_service::{Made, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::person;
use super::samples::problem;

/// How long the answer waits for the engine to take note.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// So many are taken in at once: the log holds their records while they wait.
const AT_ONCE: usize = 4;
/// The same record again, as a retry sends it, is looked for among so many of the latest.
const LATEST: u32 = 20;
/// Most other events that an artifact can belong to, and the longest id.
const EVENTS: usize = 64;
const ID_BYTES: usize = 256;
const COME_BACK: Duration = Duration::from_secs(1);

/// What the route needs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ArtifactDesk {
    log: Arc<dyn Log>,
    places: Arc<Semaphore>,
}

/// A record, whom it is about, and what it belongs to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepArtifact)]
struct Ask {
    #[schema(value_type = String, example = "agent-7")]
    subject: Subject,
    #[serde(default)]
    about: About,
    /// Who made it: 1 to 128 bytes without control characters. Where a token speaks, its name counts.
    #[serde(default)]
    #[schema(example = "Ann")]
    by: String,
    /// The ∆DΩΛ record.
    #[schema(value_type = Object)]
    record: Value,
}

#[derive(Debug, Serialize, ToSchema)]
struct ArtifactBody {
    artifact: Artifact,
}

type Answer = Result<(StatusCode, Extension<Made>, Json<ArtifactBody>), Problem>;

pub(crate) fn router(log: Arc<dyn Log>) -> OpenApiRouter {
    let desk = ArtifactDesk { log, places: Arc::new(Semaphore::new(AT_ONCE)) };
    OpenApiRouter::new().routes(routes!(keep)).with_state(desk)
}

/// Keeps a ∆DΩΛ artifact that passes the checks, with or without warnings. The same again is kept once.
#[utoipa::path(
    post, path = "/api/v1/artifacts", tag = "artifacts",
    request_body = Ask,
    responses(
        (status = CREATED, body = ArtifactBody, description = "It is kept"),
        (status = OK, body = ArtifactBody, description = "It was kept before"),
        (status = ACCEPTED, body = ArtifactBody, description = "It is in the log; the engine has not come to it yet"),
        (status = NOT_FOUND, body = Problem, description = "The subject, the alert or the experiment is not known"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "The record does not pass: `findings` tells each \
            with its path, value and what is allowed; or a name that is not allowed, or too much"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "Too many at once, or the log is away"),
    )
)]
async fn keep(
    State(desk): State<ArtifactDesk>,
    Extension(caller): Extension<Caller>,
    Json(mut ask): Json<Ask>,
) -> Answer {
    ask.by = caller.speaks_as(ask.by);
    let Ok(_place) = desk.places.try_acquire() else {
        let detail = "too many artifacts are being kept at once";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(COME_BACK));
    };
    let status = ask.check()?;
    desk.knows(&ask).await?;
    let Ask { subject, about, by, record } = ask;
    let latest = ArtifactFilter { subject: Some(subject.clone()), limit: LATEST, ..ArtifactFilter::default() };
    let latest = desk.log.artifacts(latest).await.map_err(problem)?;
    if let Some(artifact) = latest.into_iter().find(|one| one.by == by && one.about == about && one.record == record) {
        return Ok(answer(StatusCode::OK, artifact));
    }
    let at = desk.log.now();
    let command = Command::Record { status, about: about.clone(), by: by.clone(), record: record.clone() };
    let seq = desk.log.append_command(subject.clone(), command).await.map_err(problem)?;
    let id = Artifact::id_of(partition_of(&subject, desk.log.partitions()).0, seq);
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(artifact) = desk.log.artifact(&id).await.map_err(problem)? {
            return Ok(answer(StatusCode::CREATED, artifact));
        }
        if Instant::now() >= deadline {
            let artifact = Artifact { id, subject, at, status, about, by, record };
            return Ok(answer(StatusCode::ACCEPTED, artifact));
        }
        sleep(LOOK_EVERY).await;
    }
}

fn answer(status: StatusCode, artifact: Artifact) -> (StatusCode, Extension<Made>, Json<ArtifactBody>) {
    (status, Extension(Made(artifact.id.clone())), Json(ArtifactBody { artifact }))
}

impl Ask {
    /// Checks everything that is asked, and answers what the checks say of the record.
    fn check(&self) -> Result<ArtifactStatus, Problem> {
        person::check(&self.by, "", "bad_artifact")?;
        let About { alert, experiment, events } = &self.about;
        if events.len() > EVENTS || alert.iter().chain(experiment).chain(events).any(|id| id.len() > ID_BYTES) {
            let detail = format!("`about` names at most {EVENTS} events, by ids of at most {ID_BYTES} bytes");
            return Err(refuse(detail));
        }
        if self.record.to_string().len() > limits::ARTIFACT_BYTES {
            return Err(refuse(format!("a record has at most {} bytes", limits::ARTIFACT_BYTES)));
        }
        let checked = artifacts::check_value(&self.record);
        if checked.status != ArtifactStatus::Block {
            return Ok(checked.status);
        }
        let findings: Vec<Value> = checked.findings.iter().map(|finding| json!(finding)).collect();
        Err(refuse("the record does not pass the checks: `findings` tells each".to_owned()).with("findings", findings))
    }
}

impl ArtifactDesk {
    /// A misspelt id would keep it where nobody ever finds it.
    async fn knows(&self, ask: &Ask) -> Result<(), Problem> {
        if self.log.subject_state(&ask.subject).await.map_err(problem)?.is_none() {
            return Err(Problem::not_found(format!("the subject `{}` was never judged", ask.subject)));
        }
        if let Some(id) = &ask.about.alert
            && self.log.alert(id).await.map_err(problem)?.is_none_or(|alert| alert.subject != ask.subject)
        {
            return Err(Problem::not_found("`about.alert` is not an alert of this subject"));
        }
        if let Some(id) = &ask.about.experiment
            && self.log.experiment(id).await.map_err(problem)?.is_none_or(|one| one.subject != ask.subject)
        {
            return Err(Problem::not_found("`about.experiment` is not an experiment on this subject"));
        }
        Ok(())
    }
}

fn refuse(detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_artifact", detail)
}
