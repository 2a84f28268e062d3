//! A test that is checked and ready to run.

use domain::{Subject, Timestamp};
use stories::{Expectation, Timeline};
use yaml_file::Place;

use super::commands::Act;

/// One test.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) subject: Subject,
    pub(super) start: Timestamp,
    pub(super) timeline: Timeline,
    pub(super) commands: Vec<Act>,
    pub(super) expectations: Vec<Expectation>,
}
