use domain::Timestamp;
use prometheus::{Histogram, IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use crate::step::Step;
use crate::wire::Close;

/// What a hub tells of itself.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) viewers: IntGauge,
    pub(crate) frames: IntCounter,
    pub(crate) bytes: IntCounter,
    pub(crate) merges: IntCounter,
    pub(crate) restarts: IntCounter,
    pub(crate) subjects: IntGauge,
    pub(crate) ignored: IntCounter,
    closes: IntCounterVec,
    latency: Histogram,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry, subject_limit: usize) -> prometheus::Result<Self> {
        let gauge = |name: &str, help: &str| registered(registry, IntGauge::new(name, help)?);
        let counter = |name: &str, help: &str| registered(registry, IntCounter::new(name, help)?);
        let closes = Opts::new("iskra_hub_closes_total", "WebSockets closed by the server, by close code.");
        let closes = registered(registry, IntCounterVec::new(closes, &["code"])?)?;
        for close in Close::ALL {
            closes.with_label_values(&[close.code().to_string()]).reset();
        }
        let limit = gauge("iskra_hub_subjects_limit", "Most subjects that the live view holds.")?;
        limit.set(i64::try_from(subject_limit).unwrap_or(i64::MAX));
        Ok(Self {
            viewers: gauge("iskra_hub_viewers", "Viewers connected now.")?,
            frames: counter("iskra_hub_frames_total", "Frames handed to viewers' connections.")?,
            bytes: counter("iskra_hub_bytes_total", "Bytes of these frames.")?,
            merges: counter("iskra_hub_merges_total", "Times that a viewer began to lag and its frames were merged.")?,
            restarts: counter(
                "iskra_hub_restarts_total",
                "Times that a viewer lagged while too much was merged for all, and began with the present again.",
            )?,
            subjects: gauge("iskra_hub_subjects", "Subjects in the live view.")?,
            ignored: counter("iskra_hub_ignored_total", "Entries about subjects beyond iskra_hub_subjects_limit.")?,
            closes,
            latency: telemetry::latency_histogram(
                registry,
                "iskra_hub_latency_seconds",
                "From the commit of an entry until its frames wait at every viewer.",
            )?,
        })
    }

    pub(crate) fn closed(&self, close: Close) {
        self.closes.with_label_values(&[close.code().to_string()]).inc();
    }

    pub(crate) fn queued(&self, step: &Step, now: Timestamp) {
        let latency = self.latency.local();
        for entry in step.entries() {
            latency.observe(now.since(entry.recorded).as_secs_f64());
        }
        latency.flush();
    }
}

fn registered<C: prometheus::core::Collector + Clone + 'static>(
    registry: &Registry,
    metric: C,
) -> prometheus::Result<C> {
    registry.register(Box::new(metric.clone()))?;
    Ok(metric)
}
