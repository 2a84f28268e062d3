//! What the doors for metrics of others have in common: readings become samples, and are answered for in readings.

use sources::Readings;

use crate::routes::samples::{self, Door};

/// What became of the readings of a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// Readings that were refused.
    pub(crate) rejected: usize,
    /// Why the first of them was.
    pub(crate) reason: Option<String>,
}

/// Stores what came together.
pub(crate) async fn store(door: &Door, readings: Readings<'_>) -> Result<Outcome, http_service::Problem> {
    door.ingest.count_unmapped(readings.unmapped);
    let gathered = readings.finish();
    if gathered.len() > door.most_samples {
        return Err(samples::too_many(door.most_samples));
    }
    if gathered.is_empty() {
        return Ok(Outcome::default());
    }
    let counts: Vec<usize> = gathered.iter().map(|each| each.readings).collect();
    let drafts = gathered.into_iter().map(|each| each.draft).collect();
    let report = door.ingest.take(drafts).await.map_err(samples::problem)?;
    Ok(Outcome {
        rejected: report.rejections.iter().map(|rejection| counts[rejection.index]).sum(),
        reason: report.rejections.first().map(|first| first.rejection.to_string()),
    })
}
