//! `POST /api/v1/write`: the door for Prometheus (remote write 1.0).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use http_service::Problem;
use sources::{RemoteWriteError, Sources, read_remote_write};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body;
use crate::routes::readings;
use crate::routes::samples::Door;

/// What version 2.0 calls itself.
const SECOND: &str = "io.prometheus.write.v2.Request";

#[derive(Clone)]
struct RemoteWrite {
    door: Door,
    sources: Arc<Sources>,
}

pub(crate) fn router(door: Door, sources: Arc<Sources>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(post_write)).with_state(RemoteWrite { door, sources })
}

/// Stores what a Prometheus writes as samples.
///
/// Series named `iskra_clarity`, `iskra_chaos`, `iskra_trust`, `iskra_pain` and `iskra_signal_NAME`, whose label
/// `iskra_subject` or `subject` says whom they are about, and those that `config/sources.yml` maps; all others are passed
/// over. What is about one subject at one moment is one sample.
#[utoipa::path(
    post, path = "/api/v1/write", tag = "ingest",
    request_body(content = Vec<u8>, content_type = "application/x-protobuf", description = "prometheus.WriteRequest, packed with Snappy"),
    responses(
        (status = NO_CONTENT, description = "All of it is stored, or not asked for"),
        (status = BAD_REQUEST, body = Problem, description = "Some were refused, the others are stored; or the body is no WriteRequest"),
        (status = PAYLOAD_TOO_LARGE, body = Problem, description = "Too many bytes or samples"),
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem, description = "Remote write 2.0: configure 1.0, prometheus.WriteRequest"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "Too much is under way, the body came too slowly, or the outcome is unknown: send the same again"),
    )
)]
async fn post_write(
    State(remote): State<RemoteWrite>,
    mut headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.contains(SECOND) {
        // The status that version 2.0 has for this. A sender may fall back to 1.0, Prometheus drops what it sent.
        let detail = "remote write 1.0 is understood here: application/x-protobuf, prometheus.WriteRequest";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    let door = &remote.door;
    let _place = door.admit().await?;
    let readings = {
        let _memory = door.memory(&headers).await?;
        // Snappy as Prometheus means it is not one of those that HTTP knows.
        headers.remove(header::CONTENT_ENCODING);
        let packed = readings::body(&headers, body, door.most_bytes).await?;
        let read = read_remote_write(&packed, door.most_bytes, door.most_samples, &remote.sources.metrics);
        read.map_err(|error| refusal(&error, door.most_bytes))?
    };
    let outcome = readings::store(door, readings).await?;
    match outcome.reason {
        None => Ok(StatusCode::NO_CONTENT),
        Some(reason) => {
            let detail = format!("{} were refused, the others are stored; the first: {reason}", outcome.rejected);
            Err(Problem::new(StatusCode::BAD_REQUEST, "rejected", detail).with("rejected", outcome.rejected))
        }
    }
}

fn refusal(error: &RemoteWriteError, most_bytes: usize) -> Problem {
    if matches!(error, RemoteWriteError::TooLarge) {
        return body::too_large(most_bytes);
    }
    let detail = format!("the body is no prometheus.WriteRequest, packed with Snappy: {error}");
    Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
}
