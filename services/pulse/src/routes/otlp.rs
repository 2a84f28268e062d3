//! `POST /v1/metrics`: the door for OpenTelemetry (OTLP/HTTP), in Protobuf and JSON.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use http_service::Problem;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint, metric, number_data_point};
use prost::Message;
use sources::{Readings, Sources, fold};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body;
use crate::routes::readings::{self, Outcome};
use crate::routes::samples::Door;

/// The flag of a point that says that nothing was measured.
const NO_RECORDED_VALUE: u32 = 1;

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
        (status = BAD_REQUEST, description = "The body is no ExportMetricsServiceRequest"),
        (status = PAYLOAD_TOO_LARGE, description = "Too many bytes or samples"),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "Neither application/x-protobuf nor application/json"),
        (status = SERVICE_UNAVAILABLE, description = "Too much is under way, or the outcome is unknown: send the same again"),
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
        let bytes = body::read_bytes(headers, body, door.most_bytes).await?;
        read(&encoding.decode(&bytes)?, &otlp.sources)
    };
    readings::store(door, readings).await
}

fn read<'s>(request: &ExportMetricsServiceRequest, sources: &'s Sources) -> Readings<'s> {
    let mut readings = Readings::new(&sources.metrics);
    for resource in &request.resource_metrics {
        let of_resource: Vec<_> =
            resource.resource.iter().flat_map(|it| &it.attributes).filter_map(attribute).collect();
        for metric in resource.scope_metrics.iter().flat_map(|scope| &scope.metrics) {
            read_metric(metric, &of_resource, &mut readings);
        }
    }
    readings
}

fn read_metric(metric: &Metric, of_resource: &[(String, String)], readings: &mut Readings<'_>) {
    let Some((points, count)) = metric.data.as_ref().map(points) else { return };
    if !readings.asks_for(&metric.name, count) {
        return;
    }
    let Some(points) = points else {
        let reason = "a histogram or summary has no one value: send a gauge";
        return readings.refuse_all(&metric.name, count, reason);
    };
    for point in points {
        // What a point says itself comes before what its resource says.
        let own = point.attributes.iter().filter_map(attribute);
        let attributes: Vec<_> = own.chain(of_resource.iter().cloned()).collect();
        if let Some(value) = value(point) {
            readings.take(&metric.name, &attributes, moment(point.time_unix_nano), value);
        }
    }
}

/// The points of a metric, if each has one value, and how many there are.
fn points(data: &metric::Data) -> (Option<&[NumberDataPoint]>, usize) {
    match data {
        metric::Data::Gauge(gauge) => (Some(&gauge.data_points), gauge.data_points.len()),
        metric::Data::Sum(sum) => (Some(&sum.data_points), sum.data_points.len()),
        metric::Data::Histogram(histogram) => (None, histogram.data_points.len()),
        metric::Data::ExponentialHistogram(histogram) => (None, histogram.data_points.len()),
        metric::Data::Summary(summary) => (None, summary.data_points.len()),
    }
}

/// A moment in nanoseconds since 1970; none where it is not told.
fn moment(nanos: u64) -> Option<Timestamp> {
    (nanos > 0).then(|| Timestamp::from_micros(i64::try_from(nanos / 1_000).unwrap_or(i64::MAX)))
}

fn value(point: &NumberDataPoint) -> Option<f64> {
    if point.flags & NO_RECORDED_VALUE != 0 {
        return None;
    }
    match point.value? {
        number_data_point::Value::AsDouble(value) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "what is a score or a signal is exact; larger ones are refused")]
        number_data_point::Value::AsInt(value) => Some(value as f64),
    }
}

/// Attributes of other types cannot be asked for.
fn attribute(pair: &KeyValue) -> Option<(String, String)> {
    let text = match pair.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => text.clone(),
        any_value::Value::BoolValue(flag) => flag.to_string(),
        any_value::Value::IntValue(number) => number.to_string(),
        any_value::Value::DoubleValue(number) => number.to_string(),
        _ => return None,
    };
    Some((fold(&pair.key), text))
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

    fn decode(self, bytes: &[u8]) -> Result<ExportMetricsServiceRequest, Problem> {
        let decoded = match self {
            Self::Protobuf => ExportMetricsServiceRequest::decode(bytes).map_err(|error| error.to_string()),
            Self::Json => serde_json::from_slice(bytes).map_err(|error| error.to_string()),
        };
        decoded.map_err(|error| {
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
