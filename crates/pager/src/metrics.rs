use prometheus::{
    GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// What became of one attempt to hand over a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Alertmanager took it.
    Delivered,
    /// Alertmanager found fault with it: trying the same again would not help.
    Refused,
    /// No connection, no answer in time, or an error inside Alertmanager.
    Failed,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::Delivered, Self::Refused, Self::Failed];

    const fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// The metrics of the pager as a whole.
pub(crate) struct Metrics {
    pub(crate) firing: IntGauge,
    pub(crate) resolved: IntGauge,
    pub(crate) truncated: IntGauge,
    pub(crate) silences: IntGauge,
    pub(crate) log_failures: IntCounter,
    notifications: IntCounterVec,
    seconds: HistogramVec,
    last_success: GaugeVec,
}

/// The metrics of one Alertmanager.
pub(crate) struct DestinationMetrics {
    outcomes: [IntCounter; 3],
    pub(crate) seconds: Histogram,
    pub(crate) last_success: prometheus::Gauge,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let by_alertmanager = ["alertmanager"];
        let opts = Opts::new(
            "iskra_pager_alerts",
            "Alerts in the set that is handed over, each step of an escalation by itself.",
        );
        let alerts = IntGaugeVec::new(opts, &["state"])?;
        let opts = HistogramOpts::new("iskra_pager_request_seconds", "How long an Alertmanager takes to answer.");
        let metrics = Self {
            firing: alerts.with_label_values(&["firing"]),
            resolved: alerts.with_label_values(&["resolved"]),
            truncated: IntGauge::new(
                "iskra_pager_truncated",
                "1 while there are more alerts than are handed over; the least urgent are left out.",
            )?,
            silences: IntGauge::new("iskra_pager_silences", "Silences in force, as the Alertmanagers tell of them.")?,
            log_failures: IntCounter::new(
                "iskra_pager_log_failures_total",
                "How often the alerts could not be read; the last set is repeated meanwhile.",
            )?,
            notifications: IntCounterVec::new(
                Opts::new("iskra_pager_notifications_total", "Requests to an Alertmanager, by what became of them."),
                &["alertmanager", "outcome"],
            )?,
            seconds: HistogramVec::new(opts.buckets(telemetry::latency_buckets()), &by_alertmanager)?,
            last_success: GaugeVec::new(
                Opts::new("iskra_pager_last_success_timestamp_seconds", "When an Alertmanager last took a set."),
                &by_alertmanager,
            )?,
        };
        registry.register(Box::new(alerts))?;
        registry.register(Box::new(metrics.truncated.clone()))?;
        registry.register(Box::new(metrics.silences.clone()))?;
        registry.register(Box::new(metrics.log_failures.clone()))?;
        registry.register(Box::new(metrics.notifications.clone()))?;
        registry.register(Box::new(metrics.seconds.clone()))?;
        registry.register(Box::new(metrics.last_success.clone()))?;
        Ok(metrics)
    }

    /// Those of `alertmanager`, counted from zero.
    pub(crate) fn of(&self, alertmanager: &str) -> DestinationMetrics {
        let counter = |outcome: Outcome| self.notifications.with_label_values(&[alertmanager, outcome.name()]);
        DestinationMetrics {
            outcomes: Outcome::ALL.map(counter),
            seconds: self.seconds.with_label_values(&[alertmanager]),
            last_success: self.last_success.with_label_values(&[alertmanager]),
        }
    }
}

impl DestinationMetrics {
    pub(crate) fn count(&self, outcome: Outcome) {
        self.outcomes[outcome as usize].inc();
    }
}
