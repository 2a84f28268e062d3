use prometheus::core::Collector;
use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

/// Why a batch was not carried, or a message not taken. The log has it all the same.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dropped {
    /// Redis was not there.
    Disconnected,
    /// Redis took messages more slowly than they came.
    QueueFull,
    /// Too large for a message: a beat announced it.
    TooLarge,
    /// This process read messages more slowly than they came.
    InboxFull,
    /// A message of another version, or of a stranger.
    NotUnderstood,
}

impl Dropped {
    const ALL: [Self; 5] = [Self::Disconnected, Self::QueueFull, Self::TooLarge, Self::InboxFull, Self::NotUnderstood];

    const fn reason(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::QueueFull => "queue_full",
            Self::TooLarge => "too_large",
            Self::InboxFull => "inbox_full",
            Self::NotUnderstood => "not_understood",
        }
    }
}

/// What a bus tells of itself.
pub(crate) struct Metrics {
    pub(crate) connected: IntGauge,
    pub(crate) published: IntCounter,
    pub(crate) received: IntCounter,
    pub(crate) reconnects: IntCounter,
    dropped: IntCounterVec,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        const NAMED: &str = "the names are valid";
        let counter = |name: &str, help: &str| IntCounter::new(name, help).expect(NAMED);
        let dropped = Opts::new("iskra_bus_dropped_total", "Batches that the bus did not carry, by reason.");
        let dropped = IntCounterVec::new(dropped, &["reason"]).expect(NAMED);
        for reason in Dropped::ALL {
            dropped.with_label_values(&[reason.reason()]).reset();
        }
        let connected = "Whether the bus carries: 1 live, 0 while readers poll the log.";
        Self {
            connected: IntGauge::new("iskra_bus_connected", connected).expect(NAMED),
            published: counter("iskra_bus_published_total", "Batches handed to Redis."),
            received: counter("iskra_bus_received_total", "Batches of other processes that came by Redis."),
            reconnects: counter("iskra_bus_reconnects_total", "Times that the bus came back after a loss."),
            dropped,
        }
    }

    pub(crate) fn register(&self, registry: &Registry) -> prometheus::Result<()> {
        let counters = [&self.published, &self.received, &self.reconnects].map(|one| Box::new(one.clone()) as _);
        let others: [Box<dyn Collector>; 2] = [Box::new(self.connected.clone()), Box::new(self.dropped.clone())];
        counters.into_iter().chain(others).try_for_each(|metric| registry.register(metric))
    }

    pub(crate) fn dropped(&self, why: Dropped, count: u64) {
        self.dropped.with_label_values(&[why.reason()]).inc_by(count);
    }
}
