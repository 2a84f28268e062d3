use domain::{Event, EventBody, Subject, Timestamp};
use rules::Rules;

use crate::experiments::Simulation;
use crate::layout::Layout;
use crate::silences::Silences;
use crate::subject::SubjectState;

/// Who, when and by which rules: what every change of a subject needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) partition: u16,
    pub(crate) subject: &'a Subject,
    pub(crate) rules: &'a Rules,
    pub(crate) layout: &'a Layout,
    pub(crate) now: Timestamp,
    /// Those of the subject.
    pub(crate) silences: &'a Silences,
    /// Set if nothing real is behind the subject.
    pub(crate) simulation: Option<Simulation>,
    /// The log number of the subject's latest judged sample, and when it was judged: they name what it leads to.
    pub(crate) seq: u64,
    pub(crate) judged_at: Timestamp,
}

impl<'a> Context<'a> {
    /// What is to be known of `state` before it changes.
    pub(crate) fn of(
        state: &SubjectState,
        subject: &'a Subject,
        (rules, layout, silences): (&'a Rules, &'a Layout, &'a Silences),
        (partition, now): (u16, Timestamp),
    ) -> Self {
        let ((seq, judged_at), simulation) = (state.latest(), state.simulation());
        Self { partition, subject, rules, layout, now, silences, simulation, seq, judged_at }
    }
    /// A name for what happens now: the sample's number, how long after it in microseconds if time alone led here, and
    /// `what`. The same log gives the same names.
    pub(crate) fn id(&self, what: &str) -> String {
        let (partition, seq) = (self.partition, self.seq);
        match self.now.since(self.judged_at).as_micros() {
            0 => format!("{partition}-{seq}.{what}"),
            later => format!("{partition}-{seq}+{later}.{what}"),
        }
    }

    /// An event of now.
    pub(crate) fn event(&self, what: &str, body: EventBody) -> Event {
        Event { id: self.id(what), subject: self.subject.clone(), at: self.now, body }
    }
}
