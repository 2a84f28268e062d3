use domain::{Sample, Subject, Timestamp};

/// Which samples of one subject are wanted, in the order of their numbers: that in which an engine sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplesQuery {
    /// Whose.
    pub subject: Subject,
    /// Measured at this moment or later.
    pub from: Timestamp,
    /// Measured before this moment.
    pub until: Timestamp,
    /// Only those after this number: 0 at first, and then the number of the last one of the page before.
    pub after: u64,
    /// At most this many.
    pub limit: u32,
}

/// A sample as an entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleEntry {
    /// Its number within the subject's partition.
    pub seq: u64,
    /// When it was committed.
    pub recorded: Timestamp,
    /// What.
    pub sample: Sample,
}
