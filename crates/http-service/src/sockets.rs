use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The WebSockets of one service: bounded, counted, told to close, waited for. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sockets {
    places: Arc<Semaphore>,
    tracker: TaskTracker,
    closing: CancellationToken,
}

/// The place of one WebSocket: given back when dropped, so it is kept as long as the socket lives.
#[derive(Debug)]
pub struct SocketGuard {
    _place: OwnedSemaphorePermit,
    _tracked: TaskTrackerToken,
    closing: CancellationToken,
}

impl Sockets {
    /// At most `max` at once.
    pub fn new(max: usize) -> Self {
        let places = Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS)));
        Self { places, tracker: TaskTracker::new(), closing: CancellationToken::new() }
    }

    /// A place for one more; none when all are taken or the service is closing.
    pub fn admit(&self) -> Option<SocketGuard> {
        if self.closing.is_cancelled() {
            return None;
        }
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(SocketGuard { _place: place, _tracked: self.tracker.token(), closing: self.closing.clone() })
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        self.tracker.len()
    }

    /// Cancelled when the service stops: every socket then sends close code 1012 and ends.
    pub const fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// Tells all sockets to close and waits until they have.
    pub async fn close(&self) {
        self.closing.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

impl SocketGuard {
    /// Waits until the service stops. Cancel-safe.
    pub async fn closing(&self) {
        self.closing.cancelled().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_bounded_and_given_back() {
        let sockets = Sockets::new(2);
        let first = sockets.admit().unwrap();
        let _second = sockets.admit().unwrap();
        assert!(sockets.admit().is_none());
        assert_eq!(sockets.open(), 2);
        drop(first);
        assert_eq!(sockets.open(), 1);
        assert!(sockets.admit().is_some());
    }

    #[tokio::test]
    async fn closing_admits_nobody_and_waits_for_all() {
        let sockets = Sockets::new(2);
        let guard = sockets.admit().unwrap();
        let close = tokio::spawn({
            let sockets = sockets.clone();
            async move { sockets.close().await }
        });
        guard.closing().await;
        assert!(sockets.admit().is_none());
        assert!(!close.is_finished());
        drop(guard);
        close.await.unwrap();
        assert_eq!(sockets.open(), 0);
    }
}
