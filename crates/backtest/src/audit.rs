use std::collections::{BTreeMap, VecDeque};

use domain::{Event, Subject, Timestamp};
use serde::Serialize;

/// Compares what an engine concludes anew with what is stored, subject by subject, byte by byte. Both come in their
/// order; one may run ahead of the other.
#[derive(Debug)]
pub struct Audit {
    since: Timestamp,
    subjects: BTreeMap<Subject, Pair>,
    audited: Audited,
}

/// What came of an audit.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audited {
    /// How many events are the same.
    pub same: u64,
    /// Where they are not, in the order of the subjects.
    pub deviations: Vec<Deviation>,
}

/// The first place at which the stored events of a subject are others than those concluded anew. It is looked at no
/// further: one event too many shifts all that come after it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// Of whom.
    pub subject: Subject,
    /// What the log has there, as JSON; nothing if it has no more.
    pub stored: Option<String>,
    /// What the engine concludes there; nothing if it concludes no more.
    pub concluded: Option<String>,
}

/// The events of one subject that have no counterpart yet. At most one side has any.
#[derive(Debug, Default)]
struct Pair {
    stored: VecDeque<String>,
    concluded: VecDeque<String>,
    is_lost: bool,
}

impl Audit {
    /// Events before `since` are not compared.
    pub fn new(since: Timestamp) -> Self {
        Self { since, subjects: BTreeMap::new(), audited: Audited::default() }
    }

    /// The next event that the log has.
    pub fn stored(&mut self, event: &Event) {
        self.take(event, |pair| &mut pair.stored);
    }

    /// The next event that the engine concludes.
    pub fn concluded(&mut self, event: &Event) {
        self.take(event, |pair| &mut pair.concluded);
    }

    /// What is still without a counterpart has none.
    pub fn finish(mut self) -> Audited {
        for (subject, mut pair) in std::mem::take(&mut self.subjects) {
            let (stored, concluded) = (pair.stored.pop_front(), pair.concluded.pop_front());
            if stored.is_some() || concluded.is_some() {
                self.audited.deviate(subject, stored, concluded);
            }
        }
        self.audited.deviations.sort_by(|one, other| one.subject.cmp(&other.subject));
        self.audited
    }

    fn take(&mut self, event: &Event, side: impl FnOnce(&mut Pair) -> &mut VecDeque<String>) {
        if event.at < self.since {
            return;
        }
        let pair = self.subjects.entry(event.subject.clone()).or_default();
        if pair.is_lost {
            return;
        }
        let json = serde_json::to_string(&event.as_told()).expect("an event has text keys and finite numbers only");
        side(pair).push_back(json);
        while !pair.stored.is_empty() && !pair.concluded.is_empty() {
            let (Some(stored), Some(concluded)) = (pair.stored.pop_front(), pair.concluded.pop_front()) else { break };
            if stored == concluded {
                self.audited.same += 1;
                continue;
            }
            *pair = Pair { is_lost: true, ..Pair::default() };
            self.audited.deviate(event.subject.clone(), Some(stored), Some(concluded));
        }
    }
}

impl Audited {
    fn deviate(&mut self, subject: Subject, stored: Option<String>, concluded: Option<String>) {
        self.deviations.push(Deviation { subject, stored, concluded });
    }
}

#[cfg(test)]
mod tests;
