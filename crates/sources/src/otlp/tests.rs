use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue, KeyValueList, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogram, ExponentialHistogramDataPoint, Gauge, Histogram, HistogramDataPoint, Metric,
    NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum, Summary, SummaryDataPoint, metric, number_data_point,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message as _;
use prost::encoding::encode_varint;
use serde_json::{Value, json};

use super::{OtlpError, read_otlp_json, read_otlp_protobuf};
use crate::Sources;

/// The most samples of a test's request.
const MOST: usize = 50;

fn scoped(scopes: Vec<ScopeMetrics>) -> ExportMetricsServiceRequest {
    let resource = ResourceMetrics { scope_metrics: scopes, ..ResourceMetrics::default() };
    ExportMetricsServiceRequest { resource_metrics: vec![resource] }
}

fn of_metrics(metrics: Vec<Metric>) -> ExportMetricsServiceRequest {
    scoped(vec![ScopeMetrics { metrics, ..ScopeMetrics::default() }])
}

fn of_data(data: metric::Data) -> ExportMetricsServiceRequest {
    of_metrics(vec![Metric { data: Some(data), ..Metric::default() }])
}

fn of_points(data_points: Vec<NumberDataPoint>) -> ExportMetricsServiceRequest {
    of_data(metric::Data::Gauge(Gauge { data_points }))
}

fn of_attributes(attributes: Vec<KeyValue>) -> ExportMetricsServiceRequest {
    of_points(vec![NumberDataPoint { attributes, ..NumberDataPoint::default() }])
}

fn pair(key: &str, value: any_value::Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

/// So many empty parts of each kind that there may be more than one of.
fn empty(count: usize) -> Vec<(&'static str, ExportMetricsServiceRequest)> {
    let sum = Sum { data_points: vec![NumberDataPoint::default(); count], ..Sum::default() };
    let histogram = Histogram { data_points: vec![HistogramDataPoint::default(); count], ..Histogram::default() };
    let exponential = ExponentialHistogram {
        data_points: vec![ExponentialHistogramDataPoint::default(); count],
        ..ExponentialHistogram::default()
    };
    let summary = Summary { data_points: vec![SummaryDataPoint::default(); count] };
    let resource = Resource { attributes: vec![KeyValue::default(); count], ..Resource::default() };
    let resource = ResourceMetrics { resource: Some(resource), ..ResourceMetrics::default() };
    let exemplars = NumberDataPoint { exemplars: vec![Exemplar::default(); count], ..NumberDataPoint::default() };
    let list = ArrayValue { values: vec![AnyValue::default(); count] };
    let pairs = KeyValueList { values: vec![KeyValue::default(); count] };
    vec![
        ("resources", ExportMetricsServiceRequest { resource_metrics: vec![ResourceMetrics::default(); count] }),
        ("attributes of a resource", ExportMetricsServiceRequest { resource_metrics: vec![resource] }),
        ("scopes", scoped(vec![ScopeMetrics::default(); count])),
        ("metrics", of_metrics(vec![Metric::default(); count])),
        ("points of a gauge", of_points(vec![NumberDataPoint::default(); count])),
        ("points of a sum", of_data(metric::Data::Sum(sum))),
        ("points of a histogram", of_data(metric::Data::Histogram(histogram))),
        ("points of an exponential histogram", of_data(metric::Data::ExponentialHistogram(exponential))),
        ("points of a summary", of_data(metric::Data::Summary(summary))),
        ("exemplars", of_points(vec![exemplars])),
        ("attributes", of_attributes(vec![KeyValue::default(); count])),
        ("values of a list", of_attributes(vec![pair("list", any_value::Value::ArrayValue(list))])),
        ("pairs of a list", of_attributes(vec![pair("pairs", any_value::Value::KvlistValue(pairs))])),
    ]
}

#[test]
fn empty_parts_are_refused_before_they_take_a_hundred_times_their_bytes() {
    let mappings = Sources::built_in().metrics;
    for (what, request) in empty(50_000) {
        let read = read_otlp_protobuf(&request.encode_to_vec(), MOST, &mappings);
        assert!(matches!(read, Err(OtlpError::TooDense)), "{what}");
    }
    for (what, request) in empty(100) {
        assert!(read_otlp_protobuf(&request.encode_to_vec(), MOST, &mappings).is_ok(), "a few {what}");
    }
    let lists = ["{}", "[]", "[0]", r#"{"a":0}"#].map(|each| vec![each; 50_000].join(","));
    for list in lists {
        let body = format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{list}]}}]}}]}}"#);
        let read = read_otlp_json(body.as_bytes(), MOST, &mappings);
        assert!(matches!(read, Err(OtlpError::TooDense)), "{}", &body[..80]);
    }
}

/// As dense as what is really sent may be: a value, a time, and short attributes.
#[test]
fn large_requests_that_say_something_are_read() {
    let mappings = Sources::built_in().metrics;
    let attributes = ["a", "b", "c", "d"].map(|key| pair(key, any_value::Value::IntValue(1)));
    let point = NumberDataPoint {
        attributes: attributes.to_vec(),
        time_unix_nano: 1_700_000_000_000_000_000,
        value: Some(number_data_point::Value::AsDouble(0.5)),
        ..NumberDataPoint::default()
    };
    let request = of_points(vec![point; 5_000]);
    let (protobuf, json) = (request.encode_to_vec(), serde_json::to_vec(&request).unwrap());
    assert_eq!(read_otlp_protobuf(&protobuf, MOST, &mappings).unwrap().unmapped, 5_000);
    assert_eq!(read_otlp_json(&json, MOST, &mappings).unwrap().unmapped, 5_000);
}

#[test]
fn lists_in_lists_end_where_the_decoder_ends() {
    let mappings = Sources::built_in().metrics;
    // A resource, a scope, a metric, its gauge, a point, an attribute, its value; and from there lists and values.
    let mut fields = vec![1_u8, 2, 2, 5, 1, 7, 2];
    fields.extend([5, 1].repeat(100_000));
    let mut backwards = Vec::new();
    for field in fields.into_iter().rev() {
        let mut head = vec![(field << 3) | 2];
        encode_varint(backwards.len() as u64, &mut head);
        backwards.extend(head.into_iter().rev());
    }
    let request: Vec<u8> = backwards.into_iter().rev().collect();
    assert!(matches!(read_otlp_protobuf(&request, MOST, &mappings), Err(OtlpError::Protobuf(_))));
}

/// What is told of a gauge in JSON with this name and these points.
fn told(name: &str, points: &Value) -> Vec<String> {
    let mappings = Sources::built_in().metrics;
    let metrics = json!([{"name": name, "gauge": {"dataPoints": points}}]);
    let body = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]}).to_string();
    let readings = read_otlp_json(body.as_bytes(), MOST, &mappings).unwrap();
    let told = readings.finish().into_iter().map(|each| match each.draft {
        Ok(draft) => draft.subject.to_string(),
        Err(rejection) => format!("{rejection}, of {}", each.readings),
    });
    told.collect()
}

#[test]
fn a_slip_in_json_is_told() {
    let subject = json!([{"key": "iskra.subject", "value": {"stringValue": "agent-7"}}]);
    let good = json!({"asDouble": 0.8, "timeUnixNano": "1700000000000000000", "attributes": subject});
    assert_eq!(told("iskra.pain", &json!([good])), ["agent-7"]);
    let slip = |name: &str, value: Value| {
        let mut point = good.clone();
        point[name] = value;
        json!([good, point])
    };
    let no_value = ["agent-7", "iskra.pain: no value is there that can be read, of 1"];
    assert_eq!(told("iskra.pain", &slip("asDouble", json!("0.8"))), no_value);
    assert_eq!(told("iskra.pain", &slip("asDouble", Value::Null)), no_value);
    // Of these nothing is left that could be told apart.
    let time = slip("timeUnixNano", json!(1.7e18));
    let attribute = slip("attributes", json!([{"key": "iskra.subject", "value": "agent-7"}]));
    for points in [time, attribute] {
        let told = |name| told(name, &points).join("\n");
        let of_ours = told("iskra.pain");
        assert!(of_ours.starts_with("iskra.pain: its data cannot be read") && of_ours.ends_with("of 1"), "{of_ours}");
        assert_eq!(told("process.cpu.time"), "", "nobody asked for it");
    }
    // Nothing was measured, and it says so.
    let flagged = json!([{"flags": 1, "timeUnixNano": "1700000000000000000", "attributes": subject}]);
    assert!(told("iskra.pain", &flagged).is_empty());
}

#[test]
fn what_nobody_mapped_is_passed_over_whatever_kind_it_is() {
    let mappings = Sources::built_in().metrics;
    let histogram = Histogram { data_points: vec![HistogramDataPoint::default(); 3], ..Histogram::default() };
    let data = Some(metric::Data::Histogram(histogram));
    let own = Metric { name: "iskra_ingest_commit_seconds".to_owned(), data, ..Metric::default() };
    let readings = read_otlp_protobuf(&of_metrics(vec![own]).encode_to_vec(), MOST, &mappings).unwrap();
    assert_eq!(readings.unmapped, 3);
    assert!(readings.finish().is_empty());
}
