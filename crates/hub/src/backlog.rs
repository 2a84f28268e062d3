use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What is merged for all slow viewers of a hub together. One who looks at all of thousands of subjects keeps megabytes while
/// it lags, and all of a crowd lag at once.
#[derive(Debug)]
pub(crate) struct Backlog {
    things: AtomicUsize,
    limit: usize,
}

/// What of it is one viewer's; given up when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    backlog: Arc<Backlog>,
    things: usize,
}

impl Backlog {
    /// One that may hold so many subjects, levels, alerts and events.
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { things: AtomicUsize::new(0), limit })
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn things(&self) -> usize {
        self.things.load(Ordering::Relaxed)
    }
}

impl Share {
    pub(crate) const fn of(backlog: Arc<Backlog>) -> Self {
        Self { backlog, things: 0 }
    }

    /// Takes note that it is `things` now; answers whether all viewers together are within the limit.
    pub(crate) fn set(&mut self, things: usize) -> bool {
        let before = std::mem::replace(&mut self.things, things);
        self.backlog.things.fetch_add(things, Ordering::Relaxed);
        let all = self.backlog.things.fetch_sub(before, Ordering::Relaxed) - before;
        all <= self.backlog.limit
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.backlog.things.fetch_sub(self.things, Ordering::Relaxed);
    }
}
