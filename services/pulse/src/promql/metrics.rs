use domain::Timestamp;
use prometheus::{Gauge, GaugeVec, IntCounter, IntCounterVec, Opts, Registry};

/// What became of a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All queries were answered, and what was measured is on disk.
    Stored,
    /// One of them was not, or not so that it can be used.
    Failed,
    /// The log did not take it.
    Unstored,
    /// It passed while the one before it took too long.
    Missed,
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Stored, Self::Failed, Self::Unstored, Self::Missed];

    const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Failed => "failed",
            Self::Unstored => "unstored",
            Self::Missed => "missed",
        }
    }
}

/// Of all sources.
pub(super) struct Metrics {
    polls: IntCounterVec,
    last_success: GaugeVec,
}

/// Of one of them.
pub(super) struct SourceMetrics {
    outcomes: [IntCounter; 4],
    last_success: Gauge,
}

impl Metrics {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let help = "Moments for which a source was to be asked, by what became of them.";
        let polls = IntCounterVec::new(Opts::new("iskra_promql_polls_total", help), &["source", "outcome"])?;
        let help = "When what a source measured was last stored; 0 before that.";
        let opts = Opts::new("iskra_promql_last_success_timestamp_seconds", help);
        let last_success = GaugeVec::new(opts, &["source"])?;
        registry.register(Box::new(polls.clone()))?;
        registry.register(Box::new(last_success.clone()))?;
        Ok(Self { polls, last_success })
    }

    pub(super) fn of(&self, source: &str) -> SourceMetrics {
        SourceMetrics {
            outcomes: Outcome::ALL.map(|outcome| self.polls.with_label_values(&[source, outcome.name()])),
            last_success: self.last_success.with_label_values(&[source]),
        }
    }
}

impl SourceMetrics {
    pub(super) fn count(&self, outcome: Outcome, times: u64) {
        for (counter, _) in self.outcomes.iter().zip(Outcome::ALL).filter(|(_, other)| *other == outcome) {
            counter.inc_by(times);
        }
    }

    pub(super) fn note_success(&self, now: Timestamp) {
        self.last_success.set(now.since(Timestamp::default()).as_secs_f64());
    }
}
