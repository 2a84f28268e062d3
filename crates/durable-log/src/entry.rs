use std::fmt;

use domain::{Command, Event, Sample, Subject, Timestamp};

/// A share of the subjects with a sequence of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition(pub u16);

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The partition of a subject among `count`: FNV-1a, which never changes, so that a subject never moves.
pub fn partition_of(subject: &Subject, count: u16) -> Partition {
    let hash = subject
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let index = hash % u64::from(count.max(1));
    Partition(u16::try_from(index).expect("a remainder of a u16 fits into a u16"))
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Number within the partition: 1, 2, 3, … in the order of commits, without a gap.
    pub seq: u64,
    /// When it was committed, by the log's clock: never less than that of the entry before it.
    pub recorded: Timestamp,
    /// What.
    pub body: Body,
}

/// What an entry holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Input: an accepted sample.
    Sample(Sample),
    /// Input: what a person asked for, on a subject.
    Command(Subject, Command),
    /// Output: what the engine concluded. Boxed, because most entries are samples, which are much smaller.
    Event(Box<Event>),
}

/// Entries of one partition, in order and without a gap; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// Of which partition.
    pub partition: Partition,
    /// The entries.
    pub entries: Vec<Entry>,
}

impl Batch {
    /// Number of the first entry.
    pub fn first(&self) -> u64 {
        self.entries.first().map_or(0, |entry| entry.seq)
    }

    /// Number of the last entry.
    pub fn last(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }
}
