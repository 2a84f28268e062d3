//! How much decoding would make of a request, told before it is decoded: an empty part of two bytes becomes up to two
//! hundred. What vectors keep in reserve comes on top, and of histograms their numbers, eight bytes each.
//!
//! Decoding is done in one go, so no more requests are that large at a time than there are threads.

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::summary_data_point::ValueAtQuantile;
use opentelemetry_proto::tonic::metrics::v1::{
    Exemplar, ExponentialHistogramDataPoint, HistogramDataPoint, Metric, NumberDataPoint, ResourceMetrics,
    ScopeMetrics, SummaryDataPoint,
};

use crate::wire::Parts;

/// How many times as large Protobuf may become. Flags with the shortest names become seven times as large, all that is
/// usual three to five times.
const GROWTH: usize = 8;
/// The same for JSON, which is longer, and is kept as it was written while it is decoded: attributes with short names
/// become about 15 times as large.
const GROWTH_OF_JSON: usize = 16;
/// A request below this size may become as large as one of this size.
const SMALL: usize = 64 * 1024;
/// Most levels of messages: deeper ones the decoder refuses.
const LEVELS: usize = 100;

/// A list or an object of JSON: room for four values, or what becomes of it.
const OPENED: usize = 256;
/// One more value in it.
const VALUE: usize = 32;

/// What is inside of a kind of message: the number of the field, how many bytes each of its parts takes once it is
/// decoded (none where there can be only one), and what is inside of those.
struct Kind(&'static [(u32, usize, &'static Kind)]);

static REQUEST: Kind = Kind(&[(1, size_of::<ResourceMetrics>(), &RESOURCE_METRICS)]);
static RESOURCE_METRICS: Kind = Kind(&[(1, 0, &RESOURCE), (2, size_of::<ScopeMetrics>(), &SCOPE_METRICS)]);
static RESOURCE: Kind = Kind(&[(1, size_of::<KeyValue>(), &PAIR), (3, 0, &ENTITY)]);
static ENTITY: Kind = Kind(&[(3, size_of::<String>(), &TEXT), (4, size_of::<String>(), &TEXT)]);
static SCOPE_METRICS: Kind = Kind(&[(1, 0, &SCOPE), (2, size_of::<Metric>(), &METRIC)]);
static SCOPE: Kind = Kind(&[(3, size_of::<KeyValue>(), &PAIR)]);
static METRIC: Kind = Kind(&[
    (5, 0, &NUMBERS),
    (7, 0, &NUMBERS),
    (9, 0, &HISTOGRAM),
    (10, 0, &EXPONENTIAL),
    (11, 0, &SUMMARY),
    (12, size_of::<KeyValue>(), &PAIR),
]);
static NUMBERS: Kind = Kind(&[(1, size_of::<NumberDataPoint>(), &NUMBER)]);
static NUMBER: Kind = Kind(&[(5, size_of::<Exemplar>(), &EXEMPLAR), (7, size_of::<KeyValue>(), &PAIR)]);
static HISTOGRAM: Kind = Kind(&[(1, size_of::<HistogramDataPoint>(), &BUCKETS)]);
static BUCKETS: Kind = Kind(&[(8, size_of::<Exemplar>(), &EXEMPLAR), (9, size_of::<KeyValue>(), &PAIR)]);
static EXPONENTIAL: Kind = Kind(&[(1, size_of::<ExponentialHistogramDataPoint>(), &SCALED)]);
static SCALED: Kind = Kind(&[(1, size_of::<KeyValue>(), &PAIR), (11, size_of::<Exemplar>(), &EXEMPLAR)]);
static SUMMARY: Kind = Kind(&[(1, size_of::<SummaryDataPoint>(), &QUANTILES)]);
static QUANTILES: Kind = Kind(&[(6, size_of::<ValueAtQuantile>(), &TEXT), (7, size_of::<KeyValue>(), &PAIR)]);
static EXEMPLAR: Kind = Kind(&[(7, size_of::<KeyValue>(), &PAIR)]);
static PAIR: Kind = Kind(&[(2, 0, &ANY)]);
static ANY: Kind = Kind(&[(5, 0, &LIST), (6, 0, &PAIRS)]);
static LIST: Kind = Kind(&[(1, size_of::<AnyValue>(), &ANY)]);
static PAIRS: Kind = Kind(&[(1, size_of::<KeyValue>(), &PAIR)]);
/// Nothing more.
static TEXT: Kind = Kind(&[]);

/// Whether an `ExportMetricsServiceRequest` in Protobuf would become too large.
pub(super) fn is_too_dense_protobuf(bytes: &[u8]) -> bool {
    of_message(bytes, &REQUEST, LEVELS) > GROWTH * bytes.len().max(SMALL)
}

/// Whether anything in JSON would become too large.
pub(super) fn is_too_dense_json(bytes: &[u8]) -> bool {
    let weight = |byte: &u8| match byte {
        b'{' | b'[' => OPENED,
        b',' => VALUE,
        _ => 0,
    };
    bytes.iter().map(weight).sum::<usize>() > GROWTH_OF_JSON * bytes.len().max(SMALL)
}

/// What cannot be read is left to the decoder, which gets no further either.
fn of_message(bytes: &[u8], kind: &Kind, levels: usize) -> usize {
    if levels == 0 {
        return 0;
    }
    let of_part = |(tag, inside): (u32, &[u8])| {
        let (_, each, kind) = kind.0.iter().find(|(field, ..)| *field == tag)?;
        Some(each + of_message(inside, kind, levels - 1))
    };
    Parts(bytes).map_while(Result::ok).filter_map(of_part).sum()
}
