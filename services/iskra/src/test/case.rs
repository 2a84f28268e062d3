//! A test that is checked and ready to run.

use std::time::Duration;

use domain::{Subject, Timestamp};
use yaml_file::Place;

use super::item::Item;
use super::key::Key;
use super::timeline::Timeline;

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

/// "I have seen this alert."
#[derive(Debug)]
pub(super) struct Acknowledge {
    /// Since the test's start.
    pub(super) at: Duration,
    pub(super) place: Place,
    pub(super) rule: String,
    pub(super) by: String,
}

/// What must be so at a moment.
#[derive(Debug)]
pub(super) struct Expectation {
    /// Since the test's start.
    pub(super) at: Duration,
    pub(super) place: Place,
    pub(super) checks: Vec<Check>,
}

/// One key of an expectation.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) key: Key,
    pub(super) expected: Vec<Item>,
}

/// What was expected and what was, where they differ.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) key: Key,
    pub(super) expected: Vec<String>,
    pub(super) was: Vec<String>,
    /// Of the expected ones, those that were not.
    pub(super) missing: Vec<String>,
    /// Those that were and were not expected.
    pub(super) surplus: Vec<String>,
}

impl Check {
    /// How `actual` differs from what is expected, if it does.
    pub(super) fn difference(&self, mut actual: Vec<Item>) -> Option<Difference> {
        if self.key.is_partial() {
            actual.retain(|item| self.expected.iter().any(|expected| expected.name == item.name));
        }
        let mut unmatched = actual.clone();
        let mut missing = Vec::new();
        for expected in &self.expected {
            match unmatched.iter().position(|item| expected.is_met_by(item)) {
                Some(index) => drop(unmatched.remove(index)),
                None => missing.push(expected.to_string()),
            }
        }
        let is_same = missing.is_empty() && unmatched.is_empty();
        (!is_same).then(|| Difference {
            key: self.key,
            expected: self.expected.iter().map(Item::to_string).collect(),
            was: actual.iter().map(|item| self.told(item)).collect(),
            missing,
            surplus: unmatched.iter().map(|item| self.told(item)).collect(),
        })
    }

    /// What was, with as much detail as is expected of its name.
    fn told(&self, item: &Item) -> String {
        match self.expected.iter().find(|expected| expected.name == item.name) {
            Some(expected) => item.as_far_as(expected).to_string(),
            None => item.to_string(),
        }
    }
}
