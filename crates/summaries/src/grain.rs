use std::time::Duration;

use domain::Timestamp;

/// Buckets in a run: as many as make a row that PostgreSQL keeps in one piece, four to a page.
pub(crate) const BUCKETS: u32 = 12;

/// How finely a part of the past is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// The samples themselves.
    Sample,
    /// Summaries of ten seconds.
    TenSeconds,
    /// Summaries of a minute.
    Minute,
    /// Summaries of an hour.
    Hour,
}

impl Grain {
    /// Those of the summaries, the coarsest first.
    pub const SUMMARIES: [Self; 3] = [Self::Hour, Self::Minute, Self::TenSeconds];

    /// How much time one bucket sums up.
    pub const fn width(self) -> Duration {
        Duration::from_secs(self.seconds().unsigned_abs() as u64)
    }

    /// The same in seconds: by this number a store knows it.
    pub const fn seconds(self) -> i16 {
        match self {
            Self::Sample => 0,
            Self::TenSeconds => 10,
            Self::Minute => 60,
            Self::Hour => 3_600,
        }
    }

    /// How much time a run of buckets spans.
    pub fn run(self) -> Duration {
        self.width() * BUCKETS
    }
}

/// The last multiple of `width`, counted from 1970, that is not after `at`.
pub fn align(at: Timestamp, width: Duration) -> Timestamp {
    let width = i64::try_from(width.as_micros()).unwrap_or(i64::MAX).max(1);
    Timestamp::from_micros(at.as_micros().div_euclid(width).saturating_mul(width))
}
