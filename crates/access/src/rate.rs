use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// Bounds the requests of one token: a bucket that fills steadily, to the requests of one second.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: f64,
    bucket: Mutex<(f64, Instant)>,
}

impl Rate {
    pub(crate) fn new(per_second: NonZeroU32, now: Instant) -> Self {
        let per_second = f64::from(per_second.get());
        Self { per_second, bucket: Mutex::new((per_second, now)) }
    }

    /// Whether one more request is within the rate at `now`.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, filled_at) = *bucket;
        let gained = now.saturating_duration_since(filled_at).as_secs_f64() * self.per_second;
        let left = (left + gained).min(self.per_second);
        let is_allowed = left >= 1.0;
        *bucket = (if is_allowed { left - 1.0 } else { left }, now.max(filled_at));
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_of_one_second_is_allowed_and_then_the_steady_rate() {
        let start = Instant::now();
        let rate = Rate::new(NonZeroU32::new(10).unwrap(), start);
        let allowed = |millis| rate.allows(start + Duration::from_millis(millis));
        assert_eq!((0..15).filter(|_| allowed(0)).count(), 10);
        assert!(!allowed(99));
        assert!(allowed(200));
        assert_eq!((0..15).filter(|_| allowed(60_000)).count(), 10);
    }
}
