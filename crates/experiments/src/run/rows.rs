//! Which expectations were met, and when.

use std::time::Duration;

use stories::{Check, Difference, Expectation, Seen};

use crate::script::Script;

/// The expectations of a run, decided one after the other. What happened since the one before counts for the next.
#[derive(Debug)]
pub(crate) struct Rows {
    decided: Vec<Decided>,
    count: usize,
}

/// An expectation that is decided.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decided {
    /// When.
    pub(crate) at: Duration,
    /// For each of its checks, how what was differs from it.
    pub(crate) differences: Vec<Option<Difference>>,
    /// All was over before its moment.
    pub(crate) came_too_late: bool,
}

impl Rows {
    pub(super) const fn new(count: usize) -> Self {
        Self { decided: Vec::new(), count }
    }

    /// The one that is decided next.
    pub(super) const fn next(&self) -> usize {
        self.decided.len()
    }

    pub(crate) fn decided(&self) -> &[Decided] {
        &self.decided
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Decides those that may be met before their moment, if they are met now.
    pub(super) fn look(&mut self, script: &Script, seen: &mut Seen, at: Duration) {
        while let Some(next) = script.expectations.get(self.next()).filter(|next| next.is_deadline) {
            let differences = differences(next, seen);
            if differences.iter().any(Option::is_some) {
                break;
            }
            self.decide_as(seen, Decided { at, differences, came_too_late: false });
        }
    }

    /// Decides the next, whose moment this is.
    pub(super) fn decide(&mut self, script: &Script, seen: &mut Seen, at: Duration) {
        let differences = differences(&script.expectations[self.next()], seen);
        self.decide_as(seen, Decided { at, differences, came_too_late: false });
        self.look(script, seen, at);
    }

    /// Decides all that are left: they were not met.
    pub(super) fn give_up(&mut self, script: &Script, seen: &Seen, at: Duration) {
        for left in &script.expectations[self.next()..] {
            self.decided.push(Decided { at, differences: differences(left, seen), came_too_late: true });
        }
    }

    /// Whether all that are decided were met.
    pub(super) fn have_passed(&self) -> bool {
        self.decided.iter().all(Decided::is_met)
    }

    pub(crate) fn met(&self) -> usize {
        self.decided.iter().filter(|row| row.is_met()).count()
    }

    fn decide_as(&mut self, seen: &mut Seen, decided: Decided) {
        self.decided.push(decided);
        seen.begin_anew();
    }

    /// How many of all were met, so that it needs no language.
    pub(super) fn summary(&self) -> String {
        format!("{}/{}", self.met(), self.count)
    }
}

impl Decided {
    pub(crate) fn is_met(&self) -> bool {
        !self.came_too_late && self.differences.iter().all(Option::is_none)
    }
}

fn differences(expectation: &Expectation, seen: &Seen) -> Vec<Option<Difference>> {
    let difference = |check: &Check| check.difference(seen.items(check.key, &check.expected));
    expectation.checks.iter().map(difference).collect()
}
