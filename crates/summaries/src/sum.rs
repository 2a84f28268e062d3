use domain::{Timestamp, Vital};
use durable_log::Bucket;

/// What is known of each vital in a bucket, in the order of [`Vital::ALL`]; none where nothing was measured.
pub type Sums = [Option<Sum>; Vital::ALL.len()];

/// A vital in a bucket, or in a part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Of all values.
    pub sum: f64,
    /// How many values.
    pub count: u64,
    /// The latest value.
    pub last: f64,
    /// When it was measured.
    pub last_at: Timestamp,
}

impl Sum {
    /// Of one value.
    pub const fn of(value: f64, at: Timestamp) -> Self {
        Self { min: value, max: value, sum: value, count: 1, last: value, last_at: at }
    }

    /// Of two parts without a sample in common, whichever came first.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let latest = if other.last_at >= self.last_at { other } else { self };
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            sum: self.sum + other.sum,
            count: self.count + other.count,
            ..latest
        }
    }
}

impl From<Sum> for Bucket {
    fn from(Sum { min, max, sum, count, last, .. }: Sum) -> Self {
        Self { min, max, avg: sum / count as f64, last, count }
    }
}

/// Of one sample.
pub fn measured(values: [Option<f64>; Vital::ALL.len()], at: Timestamp) -> Sums {
    values.map(|value| value.map(|value| Sum::of(value, at)))
}

/// Adds `part` to `sums`.
pub(crate) fn add(sums: &mut Sums, part: Sums) {
    for (sum, part) in sums.iter_mut().zip(part) {
        *sum = match (*sum, part) {
            (Some(sum), Some(part)) => Some(sum.join(part)),
            (sum, part) => sum.or(part),
        };
    }
}
