use std::time::Duration;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Run, Stage};

/// How far a run is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Seconds since it began.
    pub elapsed_seconds: f64,
    /// Seconds that it takes if nothing stops it.
    pub lasts_seconds: f64,
    /// Its phase; empty before the first.
    pub phase: String,
    /// The dose that takes effect now, 0 (none) to 10.
    pub dose: u8,
    /// How many expectations there are.
    pub expectations: usize,
    /// How many were met so far.
    pub met: usize,
    /// How many were not.
    pub missed: usize,
}

impl Run {
    /// How far it is at `now`.
    pub fn progress(&self, now: Timestamp) -> Progress {
        let elapsed = match &self.stage {
            Stage::New | Stage::Asked { .. } => Duration::ZERO,
            Stage::Begun(course) => now.since(course.from),
            Stage::Over => self.records.closed.unwrap_or_default(),
        };
        let experiment = self.records.experiment.as_ref();
        let met = self.rows.met();
        Progress {
            elapsed_seconds: elapsed.as_secs_f64(),
            lasts_seconds: self.script.longest().as_secs_f64(),
            phase: experiment.map_or_else(String::new, |experiment| experiment.phase.clone()),
            dose: experiment.map_or(0, domain::Experiment::injected),
            expectations: self.rows.count(),
            met,
            missed: self.rows.decided().len() - met,
        }
    }
}
