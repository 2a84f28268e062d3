use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

/// A bucket that fills steadily, up to what may come at once.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: f64,
    at_once: f64,
    bucket: Mutex<(f64, Instant)>,
}

impl Rate {
    pub(crate) fn new(per_second: u32, at_once: u32, now: Instant) -> Self {
        let (per_second, at_once) = (f64::from(per_second), f64::from(at_once));
        Self { per_second, at_once, bucket: Mutex::new((at_once, now)) }
    }

    /// Whether one more is within the rate at `now`.
    pub(crate) fn allows(&self, now: Instant) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, filled_at) = *bucket;
        let gained = now.saturating_duration_since(filled_at).as_secs_f64() * self.per_second;
        let left = (left + gained).min(self.at_once);
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
    fn a_burst_is_allowed_and_then_the_steady_rate() {
        let start = Instant::now();
        let rate = Rate::new(10, 12, start);
        let allowed = |millis| rate.allows(start + Duration::from_millis(millis));
        assert_eq!((0..15).filter(|_| allowed(0)).count(), 12);
        assert!(!allowed(99));
        assert!(allowed(200));
        assert_eq!((0..15).filter(|_| allowed(60_000)).count(), 12);
    }
}
