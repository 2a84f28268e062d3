//! `POST /api/v1/samples`: the HTTP door.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use domain::{Draft, Rejection};
use durable_log::LogError;
use http_service::Problem;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ingest::{Ingest, Report};
use crate::items::{self, Format};
use crate::{body, ingest};

/// How long a request waits for a place: bursts of many producers pass, overload does not pile up.
const PATIENCE: Duration = Duration::from_millis(250);
/// When a producer that was turned away may come back.
const COME_BACK: Duration = Duration::from_secs(1);

/// With less room for samples than this, the queue counts as full: a request that is read and then refused is work for
/// nothing, just when there is too much of it.
const ROOM: usize = 1_000;
/// So many bodies of the largest size may be in memory.
pub(crate) const LARGEST_BODIES: usize = 16;

/// What the door needs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) ingest: Ingest,
    /// A place for each request that may be under way.
    pub(crate) places: Arc<Semaphore>,
    /// The memory for bodies that are being read: so that all places together stay within what a service may use.
    pub(crate) kibibytes: Arc<Semaphore>,
    pub(crate) most_bytes: usize,
    pub(crate) most_samples: usize,
}

impl Door {
    /// A place among the requests that may be under way. Who waits or is turned away has not had a byte of the body read: it
    /// costs no memory here.
    pub(crate) async fn admit(&self) -> Result<SemaphorePermit<'_>, Problem> {
        let Ok(Ok(place)) = timeout(PATIENCE, self.places.acquire()).await else {
            self.ingest.count_overload();
            return Err(overloaded("too many requests are under way"));
        };
        if self.ingest.room() < ROOM {
            self.ingest.count_overload();
            return Err(overloaded("the log has more to write than it can take in"));
        }
        Ok(place)
    }

    /// The share of the memory for bodies that a request needs until samples are made of it.
    pub(crate) async fn memory(&self, headers: &HeaderMap) -> Result<SemaphorePermit<'_>, Problem> {
        let kibibytes = u32::try_from(body::most_bytes(headers, self.most_bytes).div_ceil(1_024)).unwrap_or(u32::MAX);
        let Ok(Ok(memory)) = timeout(PATIENCE, self.kibibytes.acquire_many(kibibytes)).await else {
            self.ingest.count_overload();
            return Err(overloaded("the requests under way are too large"));
        };
        Ok(memory)
    }
}

pub(crate) fn router(door: Door) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(post_samples)).with_state(door)
}

/// Stores samples.
///
/// The body is one JSON object, an array of objects, or with `Content-Type: application/x-ndjson` one object a line; it
/// may be packed with gzip or zstd. Good samples of a mixed body are stored, each bad one is told. What is accepted is
/// on disk. The same sample again is a duplicate and harmless, so after a 503 or a broken connection send the same
/// again.
#[utoipa::path(
    post, path = "/api/v1/samples", tag = "ingest",
    request_body(content(
        (Object = "application/json", example = json!({
            "subject": "agent-7", "at": "2026-01-01T00:00:00Z",
            "clarity": 0.8, "chaos": 0.4, "trust": 0.7, "pain": 0.3, "signals": { "drift": 0.1 }
        })),
        (String = "application/x-ndjson"),
    )),
    responses(
        (status = OK, body = Report, description = "Something was stored, now or before"),
        (status = BAD_REQUEST, body = Problem, description = "The body as a whole is not JSON or not UTF-8"),
        (status = REQUEST_TIMEOUT, body = Problem, description = "The body came too slowly; nothing was stored"),
        (status = PAYLOAD_TOO_LARGE, body = Problem, description = "Too many bytes or samples"),
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem, description = "An unknown Content-Encoding"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "Every sample was refused; with the fields of the report"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "Too much is under way, or the outcome is unknown: send the same again"),
    )
)]
async fn post_samples(State(door): State<Door>, headers: HeaderMap, body: Body) -> Result<Json<Report>, Problem> {
    let _place = door.admit().await?;
    let items = read(&door, &headers, body).await?;
    let report = door.ingest.take(items).await.map_err(problem)?;
    match report.is_refusal() {
        false => Ok(Json(report)),
        true => Err(refusal(&report)),
    }
}

/// The items of a body.
async fn read(door: &Door, headers: &HeaderMap, body: Body) -> Result<Vec<Result<Draft, Rejection>>, Problem> {
    let _memory = door.memory(headers).await?;
    let text = body::read(headers, body, door.most_bytes).await?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    items::split(&text, Format::of(content_type), door.most_samples)
}

fn refusal(report: &ingest::Report) -> Problem {
    let first = &report.rejections[0].rejection;
    let detail = format!("every sample was refused; the first: {first}");
    let members = serde_json::to_value(report).expect("a report is numbers and texts");
    let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "all_rejected", detail);
    members.as_object().into_iter().flatten().fold(problem, |p, (name, value)| p.with(name, value.clone()))
}

/// More samples than one request may hold.
pub(crate) fn too_many(most: usize) -> Problem {
    let detail = format!("a request holds at most {most} samples: send several requests");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_samples", detail)
}

fn overloaded(detail: &str) -> Problem {
    unavailable("overloaded", detail)
}

/// Not now: send the same again.
pub(crate) fn unavailable(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(COME_BACK)
}

/// What a failure of the log means to a producer.
pub(crate) fn problem(error: LogError) -> Problem {
    match error {
        LogError::Overloaded => overloaded("the log has more to write than it can take in"),
        LogError::Closed => unavailable("stopping", "the service is stopping; nothing was stored"),
        LogError::OutcomeUnknown(_) => {
            unavailable("outcome_unknown", "the samples may or may not be stored: send the same again").because(error)
        }
        error => unavailable("store_failed", "the store failed; nothing was stored").because(error),
    }
}
