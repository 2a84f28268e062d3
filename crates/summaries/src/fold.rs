use std::time::Duration;

use domain::Timestamp;
use durable_log::{Bucket, History, HistoryPoint, Resolution};

use crate::sum::add;
use crate::{Sums, align};

/// What was read, in the order of its times, becomes the buckets of an answer.
pub struct Fold {
    step: Duration,
    limit: usize,
    buckets: Vec<(Timestamp, Sums)>,
}

impl Fold {
    /// Makes buckets of `step`, and no more than `limit`.
    pub const fn new(step: Duration, limit: usize) -> Self {
        Self { step, limit, buckets: Vec::new() }
    }

    /// Whether there are more buckets than wanted: the rest need not be read.
    pub const fn is_full(&self) -> bool {
        self.buckets.len() > self.limit
    }

    /// Takes what begins at `at`, which is not before anything that was taken.
    pub fn add(&mut self, at: Timestamp, sums: Sums) {
        let at = align(at, self.step);
        match self.buckets.last_mut().filter(|(bucket, _)| *bucket == at) {
            None => self.buckets.push((at, sums)),
            Some((_, bucket)) => add(bucket, sums),
        }
    }

    /// The answer.
    pub fn into_history(mut self) -> History {
        let truncated = self.is_full();
        self.buckets.truncate(self.limit);
        let point = |(at, sums): (Timestamp, Sums)| HistoryPoint { at, vitals: sums.map(|sum| sum.map(Bucket::from)) };
        let points = self.buckets.into_iter().map(point).collect();
        History { resolution: Resolution::Buckets, samples: Vec::new(), points, truncated }
    }
}
