use std::sync::Arc;

use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{IntGauge, Registry};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

/// The WebSockets of one service: bounded, counted, told to close, waited for. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sockets {
    max: usize,
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
        let max = max.min(Semaphore::MAX_PERMITS);
        let places = Arc::new(Semaphore::new(max));
        Self { max, places, tracker: TaskTracker::new(), closing: CancellationToken::new() }
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

    /// Lets metrics tell how many are open, of how many; nothing where there are none at all.
    pub(crate) fn register(&self, registry: &Registry) -> prometheus::Result<()> {
        if self.max == 0 {
            return Ok(());
        }
        let open = IntGauge::new("iskra_sockets_open", "WebSockets that are open now.")?;
        let limit = IntGauge::new("iskra_sockets_limit", "Most WebSockets that may be open: `sockets.max`.")?;
        limit.set(i64::try_from(self.max).unwrap_or(i64::MAX));
        registry.register(Box::new(limit))?;
        registry.register(Box::new(Open { sockets: self.clone(), gauge: open }))
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

/// Counted at each scrape, so that no way out of a socket can be forgotten.
struct Open {
    sockets: Sockets,
    gauge: IntGauge,
}

impl Collector for Open {
    fn desc(&self) -> Vec<&Desc> {
        self.gauge.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.gauge.set(i64::try_from(self.sockets.open()).unwrap_or(i64::MAX));
        self.gauge.collect()
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
    async fn metrics_tell_how_many_are_open_of_how_many() {
        let registry = Registry::new();
        let sockets = Sockets::new(2);
        sockets.register(&registry).unwrap();
        let _first = sockets.admit().unwrap();
        let second = sockets.admit().unwrap();
        let told = || String::from_utf8(telemetry::encode(&registry).unwrap()).unwrap();
        assert!(told().contains("\niskra_sockets_open 2\n"), "{}", told());
        drop(second);
        assert!(told().contains("\niskra_sockets_open 1\n"), "{}", told());
        assert!(told().contains("\niskra_sockets_limit 2\n"), "{}", told());
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
