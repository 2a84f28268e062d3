use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;

/// Times in microseconds, up to ten minutes, to three digits.
pub type Times = Histogram<u64>;

/// Those who record at the same time mostly take different ones.
const SHARDS: usize = 16;

/// Times of many, in bounded memory.
#[derive(Debug)]
pub(crate) struct Recorder(Vec<Mutex<Times>>);

impl Recorder {
    pub(crate) fn new() -> Self {
        Self((0..SHARDS).map(|_| Mutex::new(histogram())).collect())
    }

    /// Notes a time for so many, on behalf of the one with this number.
    pub(crate) fn record(&self, who: usize, took: Duration, count: u64) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0[who % SHARDS].lock().unwrap_or_else(PoisonError::into_inner).saturating_record_n(micros, count);
    }

    /// What was noted since the last time.
    pub(crate) fn take(&self) -> Times {
        let mut all = histogram();
        for shard in &self.0 {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            all.add(&*shard).expect("they have the same bounds");
            shard.reset();
        }
        all
    }
}

pub(crate) fn histogram() -> Times {
    Histogram::new_with_bounds(1, 600_000_000, 3).expect("these bounds are allowed")
}
