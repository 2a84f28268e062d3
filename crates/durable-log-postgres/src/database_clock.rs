use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use domain::Timestamp;
use durable_log::Clock;

/// The database's clock, as it was when last heard of and has gone on since. Whatever the clocks of the machines around
/// it say, all who write to the log agree on the time.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseClock(Arc<Mutex<(Timestamp, Instant)>>);

impl DatabaseClock {
    pub(crate) fn new(heard: Timestamp) -> Self {
        Self(Arc::new(Mutex::new((heard, Instant::now()))))
    }

    /// The database has just told the time.
    pub(crate) fn hear(&self, time: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (time, Instant::now());
    }

    /// A steady clock that follows it.
    pub(crate) fn steady(&self) -> Clock {
        let clock = self.clone();
        Clock::steady(move || {
            let (heard, at) = *clock.0.lock().unwrap_or_else(PoisonError::into_inner);
            heard.plus(at.elapsed())
        })
    }
}
