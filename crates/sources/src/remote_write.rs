//! Requests of Prometheus' remote write 1.0.

use std::borrow::Cow;

use domain::Timestamp;
use prost::{DecodeError, Message as _};

use crate::wire::Parts;
use crate::{Mappings, Readings};

/// The label that holds a metric's name.
const NAME: &str = "__name__";

// Fields of `prometheus.WriteRequest`, and of the series in it.
const SERIES: u32 = 1;
const LABELS: u32 = 1;
const SAMPLES: u32 = 2;

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
    Message(#[from] DecodeError),
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

/// The readings of a `prometheus.WriteRequest` that is packed with Snappy, and at most `most_bytes` large without it;
/// see [`Readings::new`] for `most_samples`.
pub fn read_remote_write<'m>(
    packed: &[u8],
    most_bytes: usize,
    most_samples: usize,
    mappings: &'m Mappings,
) -> Result<Readings<'m>, RemoteWriteError> {
    // It says how large it will be: too large a body is not unpacked at all.
    if snap::raw::decompress_len(packed)? > most_bytes {
        return Err(RemoteWriteError::TooLarge);
    }
    let bytes = snap::raw::Decoder::new().decompress_vec(packed)?;
    let mut readings = Readings::new(mappings, most_samples);
    for part in Parts(&bytes) {
        if let (SERIES, series) = part? {
            read_series(series, &mut readings)?;
        }
    }
    Ok(readings)
}

/// Labels and samples are decoded one by one: all at once, empty ones would take many times their bytes.
fn read_series(series: &[u8], readings: &mut Readings<'_>) -> Result<(), DecodeError> {
    let (mut name, mut attributes, mut samples) = (None, Vec::new(), 0);
    for part in Parts(series) {
        match part? {
            (LABELS, label) => {
                let label = Label::decode(label)?;
                if label.name == NAME {
                    name = name.or(Some(label.value));
                } else {
                    readings.add_attribute(&mut attributes, &label.name, Cow::Owned(label.value));
                }
            }
            (SAMPLES, _) => samples += 1,
            _ => {}
        }
    }
    let name = name.unwrap_or_default();
    if !readings.asks_for(&name, samples) {
        return Ok(());
    }
    for part in Parts(series) {
        if let (SAMPLES, sample) = part? {
            // A series that has ended says so by a NaN, which is passed over.
            let Sample { value, timestamp } = Sample::decode(sample)?;
            readings.take(&name, &[&attributes[..]], Some(Timestamp::from_millis(timestamp)), Some(value));
        }
    }
    Ok(())
}
