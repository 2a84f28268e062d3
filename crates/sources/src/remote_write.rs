//! Requests of Prometheus' remote write 1.0.

use domain::Timestamp;
use prost::Message as _;

use crate::{Mappings, Readings, fold};

/// The NaN by which Prometheus says that a series has ended.
const STALE: u64 = 0x7ff0_0000_0000_0002;
/// The label that holds a metric's name.
const NAME: &str = "__name__";

/// Why a request cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RemoteWriteError {
    /// Unpacked, it would be larger than allowed.
    #[error("it is too large")]
    TooLarge,
    /// It is not packed with Snappy.
    #[error(transparent)]
    Packing(#[from] snap::Error),
    /// What was packed is something else.
    #[error(transparent)]
    Message(#[from] prost::DecodeError),
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

/// The readings of a `prometheus.WriteRequest` that is packed with Snappy, and at most `most_bytes` large without it.
pub fn read_remote_write<'m>(
    packed: &[u8],
    most_bytes: usize,
    mappings: &'m Mappings,
) -> Result<Readings<'m>, RemoteWriteError> {
    // It says how large it will be: too large a body is not unpacked at all.
    if snap::raw::decompress_len(packed)? > most_bytes {
        return Err(RemoteWriteError::TooLarge);
    }
    let bytes = snap::raw::Decoder::new().decompress_vec(packed)?;
    Ok(read(&WriteRequest::decode(bytes.as_slice())?, mappings))
}

fn read<'m>(request: &WriteRequest, mappings: &'m Mappings) -> Readings<'m> {
    let mut readings = Readings::new(mappings);
    for series in &request.timeseries {
        let name = series.labels.iter().find(|label| label.name == NAME).map_or("", |label| label.value.as_str());
        if !readings.asks_for(name, series.samples.len()) {
            continue;
        }
        let attributes: Vec<_> = series.labels.iter().map(|label| (fold(&label.name), label.value.clone())).collect();
        for sample in series.samples.iter().filter(|sample| sample.value.to_bits() != STALE) {
            let at = Timestamp::from_millis(sample.timestamp);
            readings.take(name, &attributes, Some(at), sample.value);
        }
    }
    readings
}
