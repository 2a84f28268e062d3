use domain::{Subject, Timestamp};

/// Which experiments are wanted, the latest first by when they began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExperimentFilter {
    /// Only those on this subject.
    pub subject: Option<Subject>,
    /// Only those that run, or only those that are over.
    pub running: Option<bool>,
    /// Only those after this one in the order of the answer: when the last one of the page before began, and its id.
    pub after: Option<(Timestamp, String)>,
    /// At most this many.
    pub limit: u32,
}
