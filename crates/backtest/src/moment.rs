use std::str::FromStr;
use std::time::Duration;

use domain::Timestamp;

/// A moment of the past, as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// `7d`.
    Ago(Duration),
    /// `2026-01-04T03:00:00Z`.
    At(Timestamp),
}

impl Moment {
    /// What is meant by it at `now`.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Ago(ago) => now.minus(ago),
            Self::At(at) => at,
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let ago = yaml_file::parse_duration(text).ok().map(Self::Ago);
        ago.or_else(|| text.parse().ok().map(Self::At))
            .ok_or("expected how long ago, like 7d or 12h, or a moment like 2026-01-04T03:00:00Z")
    }
}
