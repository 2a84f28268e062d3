//! A test that is checked and ready to run.

use domain::{Subject, Timestamp};
use stories::{Acknowledge, Expectation, Timeline};
use yaml_file::Place;

/// One test.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) subject: Subject,
    pub(super) start: Timestamp,
    pub(super) timeline: Timeline,
    pub(super) commands: Vec<Acknowledge>,
    pub(super) expectations: Vec<Expectation>,
}
