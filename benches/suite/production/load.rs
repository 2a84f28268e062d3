//! Producers that send at a fixed rate and go on whatever happens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::connection::Connection;
use crate::pace::RATE;
use crate::report::{histogram, record};
use crate::samples::{PATH, now, sample};

/// Each sends one sample in this time.
const EVERY: Duration = Duration::from_millis(20);
/// When a producer gives a request up.
const PATIENCE: Duration = Duration::from_secs(2);

/// The running producers; they end when dropped.
pub(crate) struct Load {
    producers: JoinSet<()>,
    acknowledged: Arc<AtomicU64>,
    took: Arc<std::sync::Mutex<Histogram<u64>>>,
}

impl Load {
    /// Starts to send as many samples a second as in all other sections.
    pub(crate) fn start(pulse: SocketAddr) -> Self {
        let acknowledged = Arc::<AtomicU64>::default();
        let took = Arc::new(std::sync::Mutex::new(histogram()));
        let mut producers = JoinSet::new();
        let count = RATE * u32::try_from(EVERY.as_millis()).expect("it is short") / 1_000;
        for number in 0..count {
            // Spread over the interval, so that they do not all send at once.
            let start = Instant::now() + EVERY * number / count;
            producers.spawn(produce(pulse, number, start, acknowledged.clone(), took.clone()));
        }
        Self { producers, acknowledged, took }
    }

    /// How many samples were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Ends it, and answers how many samples were acknowledged, and how soon.
    pub(crate) async fn stop(mut self) -> (u64, Histogram<u64>) {
        self.producers.shutdown().await;
        let took = self.took.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        (self.acknowledged(), took)
    }
}

async fn produce(
    pulse: SocketAddr,
    number: u32,
    start: Instant,
    acknowledged: Arc<AtomicU64>,
    took: Arc<std::sync::Mutex<Histogram<u64>>>,
) {
    let subject = format!("steady-{number}");
    let mut due = interval_at(start, EVERY);
    due.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut connection = None;
    loop {
        due.tick().await;
        let at = now();
        let sent = timeout(PATIENCE, send(&mut connection, pulse, sample(&subject, at, at.as_micros()))).await;
        if let Ok(Ok(())) = sent {
            acknowledged.fetch_add(1, Ordering::Relaxed);
            record(&mut took.lock().unwrap_or_else(std::sync::PoisonError::into_inner), now().since(at));
        } else {
            connection = None;
        }
    }
}

async fn send(connection: &mut Option<Connection>, pulse: SocketAddr, body: String) -> anyhow::Result<()> {
    let open = match connection {
        Some(open) => open,
        none => none.insert(Connection::open(pulse).await?),
    };
    open.post(PATH, body).await.map(drop)
}
