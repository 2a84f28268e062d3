use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use domain::Timestamp;

/// While a steady clock is ahead of its wall, it takes so many seconds for one of its own: the wall catches up, and
/// timers still run.
const SLOWER: u32 = 2;

/// Tells the time: a steady one, or a test's own.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// What was told last; a test's own clock has none.
    floor: Option<Arc<Mutex<Floor>>>,
}

impl Clock {
    /// A clock that tells what `wall` says, whatever that is.
    pub fn new(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { wall: Arc::new(wall), floor: None }
    }

    /// A clock that follows `wall`, but never goes back and never stands still: when `wall` is set back, it goes on from
    /// where it was, at half the pace, until `wall` has caught up. Timers run on, what was recorded stays in order, and
    /// the two meet again.
    pub fn steady(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let floor = Some(Arc::new(Mutex::new(Floor { told: wall(), at: Instant::now() })));
        Self { wall: Arc::new(wall), floor }
    }

    /// A steady clock that follows the system's.
    pub fn system() -> Self {
        Self::steady(|| SystemTime::now().into())
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.not_before(Timestamp::default())
    }

    /// The present, which from now on is no earlier than `least`: the time that another writer of the log has told.
    pub fn not_before(&self, least: Timestamp) -> Timestamp {
        let Some(floor) = &self.floor else { return (self.wall)() };
        let mut floor = floor.lock().unwrap_or_else(PoisonError::into_inner);
        floor.tell((self.wall)().max(least), Instant::now())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The latest time that was told, and when: no earlier one is told after it.
struct Floor {
    told: Timestamp,
    at: Instant,
}

impl Floor {
    /// The time at `instant`, where it should be `wanted`.
    fn tell(&mut self, wanted: Timestamp, instant: Instant) -> Timestamp {
        let least = self.told.plus(instant.saturating_duration_since(self.at) / SLOWER);
        let now = wanted.max(least);
        // Asked again within a microsecond, it counts from the first time on: many small steps are no standstill.
        if now > self.told {
            *self = Self { told: now, at: instant };
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn second(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    /// A clock that has told second 100, and a wall that goes on from second `wall`: what each says second by second.
    fn goes_on_from(wall: i64) -> Vec<(Timestamp, Timestamp)> {
        let start = Instant::now();
        let mut floor = Floor { told: second(100), at: start };
        (0..=60).map(|n| (second(wall + n), floor.tell(second(wall + n), start + SECOND * n as u32))).collect()
    }

    #[test]
    fn a_wall_that_is_set_back_is_met_again_and_time_never_stands_still() {
        let told = goes_on_from(80);
        for pair in told.windows(2) {
            assert!(pair[1].1.since(pair[0].1) >= SECOND / 2, "{pair:?}");
        }
        assert_eq!(told[20], (second(100), second(110)), "half of the way");
        assert!(told[..40].iter().all(|(wall, now)| now > wall));
        assert!(told[40..].iter().all(|(wall, now)| now == wall), "they have met");
    }

    #[test]
    fn a_wall_that_is_set_forward_is_followed() {
        assert!(goes_on_from(3_700).iter().all(|(wall, now)| now == wall));
    }

    #[test]
    fn a_clock_that_is_asked_all_the_time_goes_on_all_the_same() {
        let start = Instant::now();
        let mut floor = Floor { told: second(100), at: start };
        let told = (1..=1_000).map(|n| floor.tell(second(80), start + Duration::from_nanos(400) * n));
        assert_eq!(told.last(), Some(second(100).plus(Duration::from_micros(200))));
    }

    #[test]
    fn what_another_writer_has_told_is_not_gone_behind() {
        let clock = Clock::steady(|| Timestamp::from_micros(5));
        clock.not_before(Timestamp::from_micros(1_000_000));
        assert!(clock.now() >= Timestamp::from_micros(1_000_000));
        let own = Clock::new(|| Timestamp::from_micros(5));
        own.not_before(Timestamp::from_micros(1_000_000));
        assert_eq!(own.now(), Timestamp::from_micros(5), "a test's clock says what the test says");
    }
}
