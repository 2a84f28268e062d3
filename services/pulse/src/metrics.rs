//! What comes in, and how fast it is on disk.

use domain::RejectionCode;
use durable_log::LogError;
use prometheus::{Histogram, IntCounter, IntCounterVec, Opts, Registry};
use telemetry::latency_histogram;

use crate::ingest::Report;

/// Every cause that [`cause`] names.
const CAUSES: [&str; 4] = ["queue_full", "outcome_unknown", "stopping", "store"];

/// Cheap to clone; the doors share it.
#[derive(Clone)]
pub(crate) struct Metrics {
    samples: IntCounterVec,
    rejections: IntCounterVec,
    failures: IntCounterVec,
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
            failures: IntCounterVec::new(
                Opts::new("iskra_ingest_failures_total", "Requests whose samples could not be stored, by cause."),
                &["cause"],
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
        for cause in CAUSES {
            metrics.failures.with_label_values(&[cause]).inc_by(0);
        }
        registry.register(Box::new(metrics.failures.clone()))?;
        registry.register(Box::new(metrics.overloaded.clone()))?;
        registry.register(Box::new(metrics.unmapped.clone()))?;
        Ok(metrics)
    }

    /// Counts a request that the log did not take.
    pub(crate) fn count_failure(&self, error: &LogError) {
        self.failures.with_label_values(&[cause(error)]).inc();
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

/// Why the log did not take samples.
const fn cause(error: &LogError) -> &'static str {
    match error {
        LogError::Overloaded => "queue_full",
        LogError::OutcomeUnknown(_) => "outcome_unknown",
        LogError::Closed => "stopping",
        _ => "store",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_counted_by_their_cause_from_zero() {
        let registry = Registry::new();
        let metrics = Metrics::new(&registry).unwrap();
        let lost = || LogError::OutcomeUnknown("the connection broke".into());
        let failed = LogError::Store { doing: "writing", source: "the disk is full".into() };
        for error in [&LogError::Overloaded, &lost(), &lost(), &failed] {
            metrics.count_failure(error);
        }
        let text = String::from_utf8(telemetry::encode(&registry).unwrap()).unwrap();
        for (cause, times) in CAUSES.into_iter().zip([1, 2, 0, 1]) {
            let line = format!("iskra_ingest_failures_total{{cause=\"{cause}\"}} {times}");
            assert!(text.contains(&line), "no {line} in {text}");
        }
    }
}
