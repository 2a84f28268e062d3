use std::time::Duration;

use domain::{Subject, Timestamp};

/// Which events are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those of these kinds, as [`domain::EventBody::kind`] names them.
    pub kinds: Vec<&'static str>,
    /// Only those of this subject.
    pub subject: Option<Subject>,
    /// Only those of this moment or later.
    pub from: Option<Timestamp>,
    /// Only those before this moment.
    pub until: Option<Timestamp>,
    /// Of each kind only the last within each step of this length, counted from `from`. It needs a subject, `from` and
    /// `until`, else it has no meaning and is passed over.
    pub step: Option<Duration>,
    /// Which come first.
    pub order: Order,
    /// Only those after the event with this id, in the order of the answer.
    pub after: Option<String>,
    /// At most this many.
    pub limit: u32,
}

impl EventFilter {
    /// Where the first step begins, where the last one ends, and how long they are.
    pub fn steps(&self) -> Option<(Timestamp, Timestamp, Duration)> {
        let step = self.step.filter(|step| self.subject.is_some() && !step.is_zero())?;
        Some((self.from?, self.until?, step))
    }

    /// The kinds, each once.
    pub fn each_kind(&self) -> Vec<&'static str> {
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }
}

/// In which order of their times things are told; those of the same moment by partition and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The latest come first.
    #[default]
    LatestFirst,
    /// The oldest come first.
    OldestFirst,
}
