//! What the doors for metrics of others have in common: readings become samples, and are answered for in readings.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use http_service::Problem;
use sources::Readings;

use crate::body;
use crate::routes::samples::{self, Door};

/// What became of the readings of a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    /// Readings that were refused.
    pub(crate) rejected: usize,
    /// Why the first of them was.
    pub(crate) reason: Option<String>,
}

/// The body. Who sends metrics takes 408 for a refusal and drops them: one that comes too slowly is answered as one for
/// which there is no place.
pub(crate) async fn body(headers: &HeaderMap, body: Body, most_bytes: usize) -> Result<Vec<u8>, Problem> {
    body::read_bytes(headers, body, most_bytes).await.map_err(|problem| match problem.status() {
        StatusCode::REQUEST_TIMEOUT => samples::unavailable(problem.code(), problem.detail()),
        _ => problem,
    })
}

/// Stores what came together.
pub(crate) async fn store(door: &Door, readings: Readings<'_>) -> Result<Outcome, Problem> {
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
