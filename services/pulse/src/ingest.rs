//! What every door leads to: check each item, append the good ones, answer for each bad one.

use std::sync::Arc;
use std::time::Duration;

use domain::{Draft, Rejection, RejectionCode, Sample, Subject, Timestamp};
use durable_log::{Log, LogError, Outcome};
use serde::Serialize;
use utoipa::ToSchema;

use crate::metrics::Metrics;

/// Checks and stores samples. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Ingest {
    log: Arc<dyn Log>,
    retention: Duration,
    metrics: Metrics,
}

/// What became of the items of one request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Report {
    /// Stored now.
    pub(crate) accepted: usize,
    /// Stored before, the same: harmless.
    pub(crate) duplicate: usize,
    /// Refused.
    pub(crate) rejected: usize,
    /// Why, one for each refused item.
    pub(crate) rejections: Vec<IndexedRejection>,
    /// Accepted without `at`: they got the server's time, so sending them again would store them again.
    pub(crate) untimed: usize,
}

/// A refusal and the place of the refused item, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct IndexedRejection {
    /// Which item (in NDJSON: which line, blank ones not counted).
    pub(crate) index: usize,
    /// Why.
    #[serde(flatten)]
    pub(crate) rejection: Rejection,
}

impl Report {
    /// Whether nothing was stored, now or before.
    pub(crate) const fn is_refusal(&self) -> bool {
        self.rejected > 0 && self.accepted + self.duplicate == 0
    }
}

impl Ingest {
    pub(crate) const fn new(log: Arc<dyn Log>, retention: Duration, metrics: Metrics) -> Self {
        Self { log, retention, metrics }
    }

    /// The log's clock. A sample that got its time from another one, which was set back, would come late to the engine.
    pub(crate) fn now(&self) -> Timestamp {
        self.log.now()
    }

    /// Stores what is good of `items`. What it counts as accepted is on disk.
    pub(crate) async fn take(&self, items: Vec<Result<Draft, Rejection>>) -> Result<Report, LogError> {
        let now = self.now();
        let mut report = Report::default();
        let mut places = Vec::with_capacity(items.len());
        let mut samples = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let is_timed = item.as_ref().is_ok_and(|draft| draft.at.is_some());
            match item.and_then(|draft| draft.check(now, self.retention)) {
                Ok(sample) => {
                    places.push((index, is_timed));
                    samples.push(sample);
                }
                Err(rejection) => report.reject(index, rejection),
            }
        }
        if !samples.is_empty() {
            let stored = self.store(now, samples, &places, &mut report).await;
            stored.inspect_err(|error| self.metrics.count_failure(error))?;
        }
        self.metrics.count(&report);
        Ok(report)
    }

    /// How many more samples may wait to be stored.
    pub(crate) fn room(&self) -> usize {
        self.log.room()
    }

    /// Counts a request that was turned away unread.
    pub(crate) fn count_overload(&self) {
        self.metrics.overloaded.inc();
    }

    /// Counts readings of metrics that nobody asked for.
    pub(crate) fn count_unmapped(&self, readings: usize) {
        self.metrics.unmapped.inc_by(u64::try_from(readings).unwrap_or(u64::MAX));
    }

    async fn store(
        &self,
        now: Timestamp,
        samples: Vec<Sample>,
        places: &[(usize, bool)],
        report: &mut Report,
    ) -> Result<(), LogError> {
        let sent: Vec<(Subject, Timestamp)> = samples.iter().map(|s| (s.subject.clone(), s.at)).collect();
        let appended = self.log.append(samples).await?;
        let committed = self.now();
        self.metrics.commit.observe(committed.since(now).as_secs_f64());
        for ((outcome, (subject, at)), (index, is_timed)) in appended.outcomes.iter().zip(sent).zip(places) {
            match outcome {
                Outcome::Accepted { .. } => {
                    report.accepted += 1;
                    report.untimed += usize::from(!is_timed);
                    self.metrics.send_to_commit.observe(committed.since(at).as_secs_f64());
                }
                Outcome::Duplicate => report.duplicate += 1,
                Outcome::Conflict => report.reject(*index, conflict(&subject, at)),
            }
        }
        report.rejections.sort_by_key(|rejection| rejection.index);
        Ok(())
    }
}

impl Report {
    fn reject(&mut self, index: usize, rejection: Rejection) {
        self.rejected += 1;
        self.rejections.push(IndexedRejection { index, rejection });
    }
}

fn conflict(subject: &Subject, at: Timestamp) -> Rejection {
    let reason =
        format!("`{subject}` has another sample at this moment; a sample cannot be changed, send another time");
    Rejection::new(RejectionCode::Conflict, "at", &at.to_string(), reason)
}
