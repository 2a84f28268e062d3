use std::time::Duration;

use domain::{Sample, Subject, Timestamp, Vital};
use serde::Serialize;

/// Which part of a subject's past is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// Whose.
    pub subject: Subject,
    /// From this moment on, inclusive.
    pub from: Timestamp,
    /// Up to this moment, exclusive.
    pub to: Timestamp,
    /// Width of a bucket, aligned to 1970; none asks for the samples themselves.
    pub step: Option<Duration>,
    /// Most points or samples in the answer; `truncated` tells when there were more.
    pub limit: u32,
}

/// How an answer was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Resolution {
    /// The samples themselves.
    Raw,
    /// Buckets computed from the samples.
    Buckets,
}

/// A part of a subject's past, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// How it was made.
    pub resolution: Resolution,
    /// The samples, when raw.
    pub samples: Vec<Sample>,
    /// The buckets that hold samples, when bucketed.
    pub points: Vec<HistoryPoint>,
    /// Whether the limit cut off the end.
    pub truncated: bool,
}

/// One bucket of time.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPoint {
    /// Start of the bucket.
    pub at: Timestamp,
    /// One for each vital; none where nothing was measured.
    pub vitals: [Option<Bucket>; 4],
}

impl HistoryPoint {
    /// The bucket of `vital`.
    pub const fn get(&self, vital: Vital) -> Option<&Bucket> {
        self.vitals[vital.index()].as_ref()
    }
}

/// A vital within a bucket: the extremes are kept, so that a spike cannot hide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bucket {
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Arithmetic mean.
    pub avg: f64,
    /// Value of the latest sample.
    pub last: f64,
    /// How many values.
    pub count: u64,
}
