//! Requests of OTLP with metrics, in Protobuf and JSON.

use std::borrow::Cow;

use domain::Timestamp;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint, metric, number_data_point};
use prost::Message as _;

use crate::mapping::Attribute;
use crate::{Mappings, Readings};

#[cfg(test)]
mod tests;
mod weight;

/// The flag of a point that says that nothing was measured.
const NO_RECORDED_VALUE: u32 = 1;

/// Why a request cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum OtlpError {
    /// Decoded, it would be many times as large as it came.
    #[error("it holds far more parts than bytes that say something")]
    TooDense,
    /// It is no Protobuf, or another message.
    #[error(transparent)]
    Protobuf(#[from] prost::DecodeError),
    /// It is no JSON, or of another shape.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The readings of an `ExportMetricsServiceRequest` in Protobuf; see [`Readings::new`] for `most_samples`.
pub fn read_otlp_protobuf<'m>(
    bytes: &[u8],
    most_samples: usize,
    mappings: &'m Mappings,
) -> Result<Readings<'m>, OtlpError> {
    if weight::is_too_dense_protobuf(bytes) {
        return Err(OtlpError::TooDense);
    }
    Ok(read(&ExportMetricsServiceRequest::decode(bytes)?, Readings::new(mappings, most_samples)))
}

/// The readings of an `ExportMetricsServiceRequest` in JSON; see [`Readings::new`] for `most_samples`.
pub fn read_otlp_json<'m>(
    bytes: &[u8],
    most_samples: usize,
    mappings: &'m Mappings,
) -> Result<Readings<'m>, OtlpError> {
    if weight::is_too_dense_json(bytes) {
        return Err(OtlpError::TooDense);
    }
    Ok(read(&serde_json::from_slice(bytes)?, Readings::new(mappings, most_samples)))
}

fn read<'m>(request: &ExportMetricsServiceRequest, mut readings: Readings<'m>) -> Readings<'m> {
    for resource in &request.resource_metrics {
        let pairs = resource.resource.as_ref().map(|resource| resource.attributes.as_slice()).unwrap_or_default();
        let of_resource = attributes(pairs, &readings);
        for metric in resource.scope_metrics.iter().flat_map(|scope| &scope.metrics) {
            read_metric(metric, &of_resource, &mut readings);
        }
    }
    readings
}

fn read_metric(metric: &Metric, of_resource: &[Attribute<'_>], readings: &mut Readings<'_>) {
    let Some(data) = &metric.data else {
        // In JSON a slip anywhere in the data leaves no trace but this.
        if readings.asks_for(&metric.name, 0) {
            let reason = "its data cannot be read: in JSON a value is a number, a time whole nanoseconds, an attribute \
                          like {\"stringValue\":\"agent-7\"}";
            readings.refuse_all(&metric.name, 1, reason);
        }
        return;
    };
    let (points, count) = points(data);
    if !readings.asks_for(&metric.name, count) {
        return;
    }
    let Some(points) = points else {
        let reason = "a histogram or summary has no one value: send a gauge";
        return readings.refuse_all(&metric.name, count, reason);
    };
    for point in points.iter().filter(|point| point.flags & NO_RECORDED_VALUE == 0) {
        let own = attributes(&point.attributes, readings);
        // What a point says itself comes before what its resource says.
        readings.take(&metric.name, &[&own[..], of_resource], moment(point.time_unix_nano), value(point));
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

/// None where it is not told, or in JSON is none.
fn value(point: &NumberDataPoint) -> Option<f64> {
    match point.value? {
        number_data_point::Value::AsDouble(value) => Some(value),
        #[expect(clippy::cast_precision_loss, reason = "what is a score or a signal is exact; larger ones are refused")]
        number_data_point::Value::AsInt(value) => Some(value as f64),
    }
}

/// Those that somebody asks for.
fn attributes<'a, 'm: 'a>(pairs: &'a [KeyValue], readings: &Readings<'m>) -> Vec<Attribute<'a>> {
    let mut attributes = Vec::new();
    for pair in pairs {
        if let Some(text) = text(pair) {
            readings.add_attribute(&mut attributes, &pair.key, text);
        }
    }
    attributes
}

/// The value of an attribute. Those of other types cannot be asked for.
fn text(pair: &KeyValue) -> Option<Cow<'_, str>> {
    match pair.value.as_ref()?.value.as_ref()? {
        any_value::Value::StringValue(text) => Some(Cow::Borrowed(text.as_str())),
        any_value::Value::BoolValue(flag) => Some(Cow::Owned(flag.to_string())),
        any_value::Value::IntValue(number) => Some(Cow::Owned(number.to_string())),
        any_value::Value::DoubleValue(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}
