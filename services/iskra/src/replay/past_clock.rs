use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use domain::Timestamp;
use durable_log::Clock;
use tokio::time::Instant;

/// A clock that runs through the past at a speed of its own, but never beyond what has been made to happen: where the
/// machine cannot follow, time waits for it. It stands until it is started. Cheap to clone.
#[derive(Clone)]
pub(super) struct PastClock {
    at: Timestamp,
    speed: f64,
    started: Arc<OnceLock<Instant>>,
    /// It goes no further, in microseconds.
    limit: Arc<AtomicI64>,
}

impl PastClock {
    pub(super) fn new(at: Timestamp, speed: f64) -> Self {
        Self { at, speed, started: Arc::default(), limit: Arc::new(AtomicI64::new(at.as_micros())) }
    }

    pub(super) fn start(&self) {
        self.started.get_or_init(Instant::now);
    }

    /// From now on it may go up to `moment`.
    pub(super) fn let_go(&self, moment: Timestamp) {
        self.limit.fetch_max(moment.as_micros(), Ordering::SeqCst);
    }

    pub(super) fn now(&self) -> Timestamp {
        let Some(started) = self.started.get() else { return self.at };
        let limit = Timestamp::from_micros(self.limit.load(Ordering::SeqCst));
        self.at.plus(started.elapsed().mul_f64(self.speed)).min(limit)
    }

    /// When it will say `moment` at the earliest, once it runs.
    pub(super) fn instant(&self, moment: Timestamp) -> Instant {
        let started = self.started.get().copied().unwrap_or_else(Instant::now);
        started + moment.since(self.at).div_f64(self.speed)
    }

    /// How much of the past passes in a real time, but at least a microsecond: a moment is no shorter.
    pub(super) fn passes_in(&self, real: Duration) -> Duration {
        real.mul_f64(self.speed).max(Duration::from_micros(1))
    }

    /// The same as the clock of a log.
    pub(super) fn to_clock(&self) -> Clock {
        let clock = self.clone();
        Clock::new(move || clock.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_stands_until_it_is_started_runs_at_its_speed_and_waits_at_its_limit() {
        let at = Timestamp::from_millis(1_000_000);
        let after = |seconds| at.plus(Duration::from_secs(seconds));
        let clock = PastClock::new(at, 10.0);
        clock.let_go(after(70));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now(), at);
        clock.start();
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(clock.now(), after(60));
        assert_eq!(clock.instant(after(70)), Instant::now() + Duration::from_secs(1));
        tokio::time::advance(Duration::from_secs(6)).await;
        assert_eq!(clock.now(), after(70));
        clock.let_go(after(1_000));
        assert_eq!(clock.now(), after(120));
        clock.let_go(after(80));
        assert_eq!(clock.now(), after(120), "it never goes back");
    }
}
