//! `POST /api/v1/write`: the door for Prometheus (remote write 1.0).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use http_service::Problem;
use prost::Message;
use sources::{Readings, Sources, fold};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body;
use crate::routes::readings;
use crate::routes::samples::Door;

/// The NaN by which Prometheus says that a series has ended.
const STALE: u64 = 0x7ff0_0000_0000_0002;
/// The label that holds a metric's name.
const NAME: &str = "__name__";
/// What version 2.0 calls itself.
const SECOND: &str = "io.prometheus.write.v2.Request";

#[derive(Clone)]
struct RemoteWrite {
    door: Door,
    sources: Arc<Sources>,
}

/// `prometheus.WriteRequest`, what is needed of it.
#[derive(Clone, PartialEq, prost::Message)]
struct WriteRequest {
    #[prost(message, repeated, tag = "1")]
    timeseries: Vec<TimeSeries>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct TimeSeries {
    #[prost(message, repeated, tag = "1")]
    labels: Vec<Label>,
    #[prost(message, repeated, tag = "2")]
    samples: Vec<Sample>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Label {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Sample {
    #[prost(double, tag = "1")]
    value: f64,
    /// Milliseconds since 1970.
    #[prost(int64, tag = "2")]
    timestamp: i64,
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
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem, description = "Remote write 2.0: send 1.0"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "Too much is under way, or the outcome is unknown: send the same again"),
    )
)]
async fn post_write(State(remote): State<RemoteWrite>, headers: HeaderMap, body: Body) -> Result<StatusCode, Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.contains(SECOND) {
        // A Prometheus that is told so sends version 1.0.
        let detail = "remote write 1.0 is understood here: application/x-protobuf, prometheus.WriteRequest";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail));
    }
    let door = &remote.door;
    let _place = door.admit().await?;
    let readings = {
        let _memory = door.memory(&headers).await?;
        read(&unpacked(door, headers, body).await?, &remote.sources)
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

async fn unpacked(door: &Door, mut headers: HeaderMap, body: Body) -> Result<WriteRequest, Problem> {
    let bad = |error: &dyn std::fmt::Display| {
        let detail = format!("the body is no prometheus.WriteRequest, packed with Snappy: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
    };
    // Snappy as Prometheus means it is not one of those that HTTP knows.
    headers.remove(header::CONTENT_ENCODING);
    let packed = body::read_bytes(&headers, body, door.most_bytes).await?;
    // It says how large it will be: too large a body is not unpacked at all.
    let length = snap::raw::decompress_len(&packed).map_err(|error| bad(&error))?;
    if length > door.most_bytes {
        return Err(body::too_large(door.most_bytes));
    }
    let bytes = snap::raw::Decoder::new().decompress_vec(&packed).map_err(|error| bad(&error))?;
    WriteRequest::decode(bytes.as_slice()).map_err(|error| bad(&error))
}

fn read<'s>(request: &WriteRequest, sources: &'s Sources) -> Readings<'s> {
    let mut readings = Readings::new(&sources.metrics);
    for series in &request.timeseries {
        let name = series.labels.iter().find(|label| label.name == NAME).map_or("", |label| label.value.as_str());
        if !readings.asks_for(name, series.samples.len()) {
            continue;
        }
        let attributes: Vec<_> = series.labels.iter().map(|label| (fold(&label.name), label.value.clone())).collect();
        for sample in series.samples.iter().filter(|sample| sample.value.to_bits() != STALE) {
            let at = domain::Timestamp::from_millis(sample.timestamp);
            readings.take(name, &attributes, Some(at), sample.value);
        }
    }
    readings
}
