//! What goes on beside all that happens: as many samples a second as in all other sections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use load::{Outcome, Plan, Target};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use crate::connection::Connection;
use crate::pace::RATE;
use crate::samples::{PATH, now, sample};

/// Each sends one sample in this time.
const EVERY: Duration = Duration::from_millis(20);
/// When a producer gives a request up.
const PATIENCE: Duration = Duration::from_secs(2);

/// Producers that are at work until they are dropped. It is counted what was acknowledged, not how soon: each waits for its
/// answer, and leaves out what was due meanwhile.
pub(crate) struct Load {
    producers: JoinSet<()>,
    acknowledged: Arc<AtomicU64>,
}

impl Load {
    /// Starts to send.
    pub(crate) fn start(pulse: SocketAddr) -> Self {
        let acknowledged = Arc::<AtomicU64>::default();
        let mut producers = JoinSet::new();
        let count = RATE * u32::try_from(EVERY.as_millis()).expect("it is short") / 1_000;
        for number in 0..count {
            // Spread over the interval, so that they do not all send at once.
            let start = Instant::now() + EVERY * number / count;
            producers.spawn(produce(pulse, number, start, acknowledged.clone()));
        }
        Self { producers, acknowledged }
    }

    /// How many samples were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Ends it, and answers how many samples were acknowledged.
    pub(crate) async fn stop(mut self) -> u64 {
        self.producers.shutdown().await;
        self.acknowledged()
    }
}

/// Sends `rate` samples a second for so long whatever becomes of it, and answers how much was acknowledged, and how soon
/// after it was due. Each subject has ten a second.
pub(crate) async fn steady(pulse: SocketAddr, rate: u32, batch: u64, length: Duration) -> anyhow::Result<Outcome> {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = reqwest::Client::builder().http1_only().build()?;
    let target = Target {
        client: client.clone(),
        sockets: client,
        door: format!("http://{pulse}{PATH}").parse()?,
        streams: Vec::new(),
    };
    let plan = Plan {
        viewers: 0,
        watchers: 0,
        look_at: None,
        rate: rate.into(),
        subjects: u64::from(rate) / 10,
        prefix: "steady".to_owned(),
        batch,
        connections: 32,
        warm_up: Duration::ZERO,
        length,
        patience: super::PATIENCE,
        every: length,
    };
    load::run(target, plan, |_| {}).await.map_err(|error| anyhow::anyhow!("{error}: the load has failed"))
}

async fn produce(pulse: SocketAddr, number: u32, start: Instant, acknowledged: Arc<AtomicU64>) {
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
