use std::time::{Duration, Instant, SystemTime};

use domain::Timestamp;

/// The one clock of producers and viewers. It is set once and then only goes on, whatever happens to the system's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    at: Timestamp,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), at: SystemTime::now().into() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.at.plus(self.started.elapsed())
    }

    /// How long it is until `moment`.
    pub(crate) fn until(&self, moment: Timestamp) -> Duration {
        moment.since(self.now())
    }
}
