//! The same samples as OpenTelemetry and Prometheus bring them: a reading for each vital.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use domain::Vital;
use hdrhistogram::Histogram;
use opentelemetry_proto::tonic::collector::metrics::v1::{ExportMetricsServiceRequest, ExportMetricsServiceResponse};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::metrics::v1::{
    Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, metric, number_data_point,
};
use prost::Message as _;
use tokio::task::JoinSet;

use super::{PRODUCERS, SUBJECTS, Seen};
use crate::connection::Connection;
use crate::report::{histogram, record};
use crate::samples::now;

/// Which door, each with its most usual encoding.
#[derive(Clone, Copy, Debug)]
pub(super) enum Door {
    Otlp,
    RemoteWrite,
}

impl Door {
    pub(super) const ALL: [Self; 2] = [Self::Otlp, Self::RemoteWrite];

    /// As people know it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Otlp => "OTLP in Protobuf",
            Self::RemoteWrite => "Prometheus remote write",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Otlp => "/v1/metrics",
            Self::RemoteWrite => "/api/v1/write",
        }
    }

    fn headers(self) -> HeaderMap {
        let protobuf = (header::CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        let snappy = (header::CONTENT_ENCODING, HeaderValue::from_static("snappy"));
        match self {
            Self::Otlp => HeaderMap::from_iter([protobuf]),
            Self::RemoteWrite => HeaderMap::from_iter([protobuf, snappy]),
        }
    }

    fn body(self, samples: &[Reading]) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Otlp => Ok(otlp(samples).encode_to_vec()),
            Self::RemoteWrite => Ok(snap::raw::Encoder::new().compress_vec(&remote_write(samples).encode_to_vec())?),
        }
    }

    /// An error if something was refused: OTLP says so in its body.
    fn check(self, status: StatusCode, answer: &[u8]) -> anyhow::Result<()> {
        anyhow::ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(answer));
        if matches!(self, Self::Otlp) {
            let partial = ExportMetricsServiceResponse::decode(answer)?.partial_success;
            anyhow::ensure!(partial.is_none(), "refused: {partial:?}");
        }
        Ok(())
    }
}

/// One subject at one moment.
struct Reading {
    subject: String,
    at_ms: u64,
    wave: f64,
}

impl Reading {
    /// Within OK.
    fn value(&self, vital: Vital) -> f64 {
        self.wave
            + match vital {
                Vital::Clarity => 0.72,
                Vital::Chaos => 0.35,
                Vital::Trust => 0.7,
                Vital::Pain => 0.25,
            }
    }
}

/// So many producers send for `length` through this door.
pub(super) async fn load(address: SocketAddr, door: Door, size: usize, length: Duration) -> anyhow::Result<Seen> {
    let start = Instant::now();
    let mut sending = JoinSet::new();
    for producer in 0..PRODUCERS {
        let connection = Connection::open(address).await?;
        sending.spawn(produce(connection, door, producer, size, start + length));
    }
    let mut acknowledged = histogram();
    while let Some(ended) = sending.join_next().await {
        acknowledged.add(ended??)?;
    }
    let samples = acknowledged.len() * size as u64;
    Ok(Seen { a_second: samples as f64 / start.elapsed().as_secs_f64(), samples, acknowledged })
}

async fn produce(
    mut connection: Connection,
    door: Door,
    producer: usize,
    size: usize,
    until: Instant,
) -> anyhow::Result<Histogram<u64>> {
    let mut acknowledged = histogram();
    let mut sent = 0;
    let mut at_ms = 0;
    while Instant::now() < until {
        let mut samples = Vec::with_capacity(size);
        for _ in 0..size {
            // Prometheus knows milliseconds only, and no subject has two samples in one.
            if sent % SUBJECTS == 0 {
                at_ms = (at_ms + 1).max(now().as_micros().unsigned_abs() / 1_000);
            }
            let subject = format!("agent-{producer}-{}", sent % SUBJECTS);
            samples.push(Reading { subject, at_ms, wave: (sent % 100) as f64 / 1_000.0 });
            sent += 1;
        }
        let body = door.body(&samples)?;
        let start = Instant::now();
        let (status, answer) = connection.try_post_as(door.path(), door.headers(), body).await?;
        record(&mut acknowledged, start.elapsed());
        door.check(status, &answer)?;
    }
    Ok(acknowledged)
}

fn otlp(samples: &[Reading]) -> ExportMetricsServiceRequest {
    let point = |sample: &Reading, vital| NumberDataPoint {
        attributes: vec![KeyValue {
            key: "iskra.subject".to_owned(),
            value: Some(AnyValue { value: Some(any_value::Value::StringValue(sample.subject.clone())) }),
            ..KeyValue::default()
        }],
        time_unix_nano: sample.at_ms * 1_000_000,
        value: Some(number_data_point::Value::AsDouble(sample.value(vital))),
        ..NumberDataPoint::default()
    };
    let metrics = Vital::ALL.map(|vital| Metric {
        name: format!("iskra.{}", vital.name()),
        data: Some(metric::Data::Gauge(Gauge {
            data_points: samples.iter().map(|sample| point(sample, vital)).collect(),
        })),
        ..Metric::default()
    });
    let scope = ScopeMetrics { metrics: metrics.to_vec(), ..ScopeMetrics::default() };
    ExportMetricsServiceRequest {
        resource_metrics: vec![ResourceMetrics { scope_metrics: vec![scope], ..ResourceMetrics::default() }],
    }
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
    samples: Vec<Value>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Label {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Value {
    #[prost(double, tag = "1")]
    value: f64,
    #[prost(int64, tag = "2")]
    timestamp: i64,
}

fn remote_write(samples: &[Reading]) -> WriteRequest {
    let series = |sample: &Reading, vital: Vital| {
        let labels = [("__name__", format!("iskra_{}", vital.name())), ("subject", sample.subject.clone())];
        TimeSeries {
            labels: labels.map(|(name, value)| Label { name: name.to_owned(), value }).to_vec(),
            samples: vec![Value { value: sample.value(vital), timestamp: sample.at_ms.cast_signed() }],
        }
    };
    let all = Vital::ALL.into_iter().flat_map(|vital| samples.iter().map(move |sample| series(sample, vital)));
    WriteRequest { timeseries: all.collect() }
}
