//! Requests of OTLP with metrics, in Protobuf and JSON.

use domain::Timestamp;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint, metric, number_data_point};
use prost::Message as _;

use crate::{Mappings, Readings, fold};

/// The flag of a point that says that nothing was measured.
const NO_RECORDED_VALUE: u32 = 1;

/// The readings of an `ExportMetricsServiceRequest` in Protobuf.
pub fn read_otlp_protobuf<'m>(bytes: &[u8], mappings: &'m Mappings) -> Result<Readings<'m>, prost::DecodeError> {
    Ok(read(&ExportMetricsServiceRequest::decode(bytes)?, mappings))
}

/// The readings of an `ExportMetricsServiceRequest` in JSON.
pub fn read_otlp_json<'m>(bytes: &[u8], mappings: &'m Mappings) -> Result<Readings<'m>, serde_json::Error> {
    Ok(read(&serde_json::from_slice(bytes)?, mappings))
}

fn read<'m>(request: &ExportMetricsServiceRequest, mappings: &'m Mappings) -> Readings<'m> {
    let mut readings = Readings::new(mappings);
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
