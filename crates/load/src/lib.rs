#![doc = include_str!("../README.md")]

mod chain;
mod clock;
mod frame;
mod known;
mod look;
mod outcome;
mod plan;
mod producers;
mod ranges;
mod recorder;
mod run;
mod samples;
mod schedule;
mod tally;
mod usage;
mod viewer;
mod way;

pub use outcome::{Counts, Missing, Outcome, Window};
pub use plan::{Plan, Target};
pub use recorder::Times;
pub use run::run;
pub use usage::{cpu, let_open};
pub use way::{NotOpened, open};

use std::time::Duration;

/// Why there is no outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service does not let us in: its answer says why.
    #[error("{url} answered {}", answer.status())]
    Refused {
        /// Where.
        url: url::Url,
        /// What it said.
        answer: Box<reqwest::Response>,
    },
    /// A socket was closed for good.
    #[error("a viewer was sent away for good: {code}, {reason}")]
    SentAway {
        /// The close code.
        code: u16,
        /// In the words of the service.
        reason: String,
    },
    /// Not all viewers were there in time.
    #[error("only {open} of {wanted} viewers could connect within {limit:?}: {last}")]
    NotThere {
        /// How many were.
        open: usize,
        /// How many should be.
        wanted: usize,
        /// How long was waited.
        limit: Duration,
        /// What kept the last one.
        last: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan for tests that only care for part of it.
    pub(crate) fn plan() -> Plan {
        Plan {
            viewers: 1,
            watchers: 1,
            look_at: None,
            rate: 100,
            subjects: 7,
            prefix: "load".to_owned(),
            batch: 1,
            connections: 1,
            warm_up: Duration::from_secs(1),
            length: Duration::from_secs(100),
            patience: Duration::from_secs(1),
            every: Duration::from_secs(1),
        }
    }
}
