use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, Opts, Registry};
use telemetry::latency_histogram;

/// Cheap to clone. Addresses are no labels: they may be secret, and anybody may add one.
#[derive(Clone)]
pub(crate) struct Metrics {
    /// A webhook has taken an action.
    pub(crate) delivered: IntCounter,
    /// A webhook will not be told of an action any more.
    pub(crate) failed: IntCounter,
    /// An attempt has failed; there will be another.
    pub(crate) retried: IntCounter,
    pub(crate) pending: IntGauge,
    pub(crate) seconds: Histogram,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let help = "Attempts to tell a webhook of an action, by what became of them.";
        let deliveries = IntCounterVec::new(Opts::new("iskra_webhook_deliveries_total", help), &["outcome"])?;
        let pending =
            IntGauge::new("iskra_webhook_pending", "Actions that are on their way to webhooks, at most 256.")?;
        registry.register(Box::new(deliveries.clone()))?;
        registry.register(Box::new(pending.clone()))?;
        Ok(Self {
            delivered: deliveries.with_label_values(&["delivered"]),
            failed: deliveries.with_label_values(&["failed"]),
            retried: deliveries.with_label_values(&["retried"]),
            pending,
            seconds: latency_histogram(
                registry,
                "iskra_webhook_request_seconds",
                "How long a webhook takes to answer, or until it is given up.",
            )?,
        })
    }
}
