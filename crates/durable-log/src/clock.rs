use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use domain::Timestamp;

/// Tells the time: a steady one, or a test's own.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The latest time that was told or demanded, and when; a test's own clock has none.
    floor: Option<Arc<Mutex<(Timestamp, Instant)>>>,
}

impl Clock {
    /// A clock that tells what `wall` says, whatever that is.
    pub fn new(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { wall: Arc::new(wall), floor: None }
    }

    /// A clock that follows `wall`, but never goes back and never stands still: when `wall` is set back, it goes on at
    /// its pace from where it was, until `wall` has caught up. Timers run on, and what was recorded stays in order.
    pub fn steady(wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let floor = Some(Arc::new(Mutex::new((wall(), Instant::now()))));
        Self { wall: Arc::new(wall), floor }
    }

    /// A steady clock that follows the system's.
    pub fn system() -> Self {
        Self::steady(|| SystemTime::now().into())
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.not_before((self.wall)())
    }

    /// The present, which from now on is no earlier than `least`: the time that another writer of the log has told.
    pub fn not_before(&self, least: Timestamp) -> Timestamp {
        let Some(floor) = &self.floor else { return (self.wall)() };
        let mut floor = floor.lock().unwrap_or_else(PoisonError::into_inner);
        let instant = Instant::now();
        let steady = floor.0.plus(instant - floor.1);
        *floor = (steady.max(least), instant);
        floor.0
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_steady_clock_goes_on_when_the_wall_is_set_back_and_follows_it_ahead() {
        let wall = Arc::new(AtomicI64::new(10_000_000));
        let hand = Arc::clone(&wall);
        let clock = Clock::steady(move || Timestamp::from_micros(hand.load(Ordering::SeqCst)));
        wall.store(1_000_000, Ordering::SeqCst);
        let first = clock.now();
        assert!(first >= Timestamp::from_micros(10_000_000));
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.now().since(first) >= Duration::from_millis(2), "it does not stand still");
        wall.store(90_000_000_000, Ordering::SeqCst);
        assert_eq!(clock.now(), Timestamp::from_micros(90_000_000_000));
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
