//! `POST /v1/metrics`: the door for OpenTelemetry (OTLP/HTTP), in Protobuf and JSON.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_service::Problem;
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsPartialSuccess, ExportMetricsServiceResponse};
use prost::Message;
use sources::{Readings, Sources, read_otlp_json, read_otlp_protobuf};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::routes::readings::{self, Outcome};
use crate::routes::samples::Door;

#[derive(Clone)]
struct Otlp {
    door: Door,
    sources: Arc<Sources>,
}

pub(crate) fn router(door: Door, sources: Arc<Sources>) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(post_metrics)).with_state(Otlp { door, sources })
}

/// How a request is written, and its answer.
#[derive(Clone, Copy)]
enum Encoding {
    Protobuf,
    Json,
}

/// Stores metrics of OpenTelemetry as samples.
///
/// Gauges and sums named `iskra.clarity`, `iskra.chaos`, `iskra.trust`, `iskra.pain` and `iskra.signal.NAME`, whose attribute
/// `iskra.subject` says whom they are about, and those that `config/sources.yml` maps; all others are passed over. What is
/// about one subject at one moment is one sample.
#[utoipa::path(
    post, path = "/v1/metrics", tag = "ingest",
    request_body(content(
        (Vec<u8> = "application/x-protobuf"),
        (Object = "application/json"),
    ), description = "ExportMetricsServiceRequest"),
    responses(
        (status = OK, description = "ExportMetricsServiceResponse: how many data points were refused, and why the first was"),
        (status = BAD_REQUEST, description = "The body is no ExportMetricsServiceRequest, or holds far more parts than bytes that say something"),
        (status = PAYLOAD_TOO_LARGE, description = "Too many bytes or samples"),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "Neither application/x-protobuf nor application/json"),
        (status = SERVICE_UNAVAILABLE, description = "Too much is under way, the body came too slowly, or the outcome is unknown: send the same again"),
    )
)]
async fn post_metrics(State(otlp): State<Otlp>, headers: HeaderMap, body: Body) -> Response {
    let Some(encoding) = Encoding::of(&headers) else {
        let detail = "OTLP comes as application/x-protobuf or application/json";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail).into_response();
    };
    match take(&otlp, encoding, &headers, body).await {
        Ok(outcome) => encoding.answer(&response(outcome)),
        Err(problem) => encoding.refuse(problem),
    }
}

async fn take(otlp: &Otlp, encoding: Encoding, headers: &HeaderMap, body: Body) -> Result<Outcome, Problem> {
    let door = &otlp.door;
    let _place = door.admit().await?;
    let readings = {
        let _memory = door.memory(headers).await?;
        let bytes = readings::body(headers, body, door.most_bytes).await?;
        encoding.read(&bytes, door.most_samples, &otlp.sources)?
    };
    readings::store(door, readings).await
}

fn response(outcome: Outcome) -> ExportMetricsServiceResponse {
    let partial_success = outcome.reason.map(|error_message| ExportMetricsPartialSuccess {
        rejected_data_points: i64::try_from(outcome.rejected).unwrap_or(i64::MAX),
        error_message,
    });
    ExportMetricsServiceResponse { partial_success }
}

/// `google.rpc.Status`, which OTLP wants errors to be told in.
#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(string, tag = "2")]
    message: String,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        match content_type.split(';').next()?.trim() {
            "application/x-protobuf" => Some(Self::Protobuf),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }

    fn read<'s>(self, bytes: &[u8], most_samples: usize, sources: &'s Sources) -> Result<Readings<'s>, Problem> {
        let read = match self {
            Self::Protobuf => read_otlp_protobuf,
            Self::Json => read_otlp_json,
        };
        read(bytes, most_samples, &sources.metrics).map_err(|error| {
            let detail = format!("the body is no ExportMetricsServiceRequest: {error}");
            Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
        })
    }

    const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        })
    }

    fn answer(self, response: &ExportMetricsServiceResponse) -> Response {
        let body = match self {
            Self::Protobuf => response.encode_to_vec(),
            // Protobuf's JSON leaves out what is not there, and writes a count as a text.
            Self::Json => match &response.partial_success {
                None => b"{}".to_vec(),
                Some(partial) => serde_json::json!({ "partialSuccess": {
                    "rejectedDataPoints": partial.rejected_data_points.to_string(), "errorMessage": partial.error_message,
                } })
                .to_string()
                .into_bytes(),
            },
        };
        (StatusCode::OK, [(header::CONTENT_TYPE, self.content_type())], body).into_response()
    }

    /// Those who send Protobuf are told in it; the status and when to come back are the same.
    fn refuse(self, problem: Problem) -> Response {
        let status = Status { message: problem.detail().to_owned() };
        let mut response = problem.into_response();
        if matches!(self, Self::Protobuf) {
            response.headers_mut().insert(header::CONTENT_TYPE, self.content_type());
            response.headers_mut().remove(header::CONTENT_LENGTH);
            *response.body_mut() = Body::from(status.encode_to_vec());
        }
        response
    }
}
