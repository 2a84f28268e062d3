//! What comes in, and how fast it is on disk.

use domain::RejectionCode;
use prometheus::{Histogram, IntCounter, IntCounterVec, Opts, Registry};
use telemetry::latency_histogram;

use crate::ingest::Report;

/// Cheap to clone; the doors share it.
#[derive(Clone)]
pub(crate) struct Metrics {
    samples: IntCounterVec,
    rejections: IntCounterVec,
    pub(crate) overloaded: IntCounter,
    pub(crate) unmapped: IntCounter,
    pub(crate) commit: Histogram,
    pub(crate) send_to_commit: Histogram,
}

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            samples: IntCounterVec::new(
                Opts::new("iskra_ingest_samples_total", "Samples that came in, by outcome."),
                &["outcome"],
            )?,
            rejections: IntCounterVec::new(
                Opts::new("iskra_ingest_rejections_total", "Samples that were refused, by reason."),
                &["reason"],
            )?,
            overloaded: IntCounter::new(
                "iskra_ingest_overloaded_total",
                "Requests that were turned away unread because too much was under way.",
            )?,
            unmapped: IntCounter::new(
                "iskra_ingest_unmapped_readings_total",
                "Readings of metrics that config/sources.yml does not map, and which were passed over.",
            )?,
            commit: latency_histogram(
                registry,
                "iskra_ingest_commit_seconds",
                "Time to store the samples of a request.",
            )?,
            send_to_commit: latency_histogram(
                registry,
                "iskra_ingest_send_to_commit_seconds",
                "From the time of a sample, by its producer's clock, to its commit.",
            )?,
        };
        for outcome in ["accepted", "duplicate", "rejected"] {
            metrics.samples.with_label_values(&[outcome]).inc_by(0);
        }
        for code in RejectionCode::ALL {
            metrics.rejections.with_label_values(&[code.name()]).inc_by(0);
        }
        registry.register(Box::new(metrics.samples.clone()))?;
        registry.register(Box::new(metrics.rejections.clone()))?;
        registry.register(Box::new(metrics.overloaded.clone()))?;
        registry.register(Box::new(metrics.unmapped.clone()))?;
        Ok(metrics)
    }

    pub(crate) fn count(&self, report: &Report) {
        let count = |outcome: &str, by: usize| {
            self.samples.with_label_values(&[outcome]).inc_by(u64::try_from(by).unwrap_or(u64::MAX));
        };
        count("accepted", report.accepted);
        count("duplicate", report.duplicate);
        count("rejected", report.rejected);
        for rejection in &report.rejections {
            self.rejections.with_label_values(&[rejection.rejection.code.name()]).inc();
        }
    }
}
