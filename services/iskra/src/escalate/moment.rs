use std::str::FromStr;
use std::time::Duration;

use domain::Timestamp;
use rules::{next_in_week, parse_moment};

/// A moment as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// `2026-01-04T03:00:00Z`.
    Once(Timestamp),
    /// `Sun 03:00`, in UTC: so long after Monday 00:00.
    EveryWeek(Duration),
}

impl Moment {
    /// What is meant by it at `now`.
    pub(crate) fn at_or_after(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Once(at) => at,
            Self::EveryWeek(after_monday) => next_in_week(after_monday, now),
        }
    }
}

impl FromStr for Moment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let every_week = parse_moment(text).map(Self::EveryWeek);
        every_week
            .or_else(|| text.parse().ok().map(Self::Once))
            .ok_or("expected a day and a time in UTC, like 'Sun 03:00', or a moment like 2026-01-04T03:00:00Z")
    }
}
