use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::ranges::Ranges;

/// What became of what the producers sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Samples that are stored, as the service said.
    pub(crate) acknowledged: AtomicU64,
    /// The same, of those that are measured.
    pub(crate) measured: AtomicU64,
    /// Samples that it refused.
    pub(crate) rejected: AtomicU64,
    /// Answers that said to come back later: 429 and 503.
    pub(crate) busy: AtomicU64,
    /// Requests that were not answered, or otherwise than understood.
    pub(crate) broken: AtomicU64,
    /// Samples of requests that were never answered: they may be stored or not.
    pub(crate) unknown: AtomicU64,
    /// Samples that came to nobody's turn: the service was too slow for too long.
    pub(crate) unsent: AtomicU64,
    /// How many are stored of each subject.
    of_subject: Vec<AtomicU64>,
    /// Which are stored.
    which: Mutex<Ranges>,
}

impl Sent {
    pub(crate) fn new(subjects: u64) -> Self {
        let none = AtomicU64::default;
        Self {
            acknowledged: none(),
            measured: none(),
            rejected: none(),
            busy: none(),
            broken: none(),
            unknown: none(),
            unsent: none(),
            of_subject: (0..subjects).map(|_| none()).collect(),
            which: Mutex::default(),
        }
    }

    /// Remembers which samples are stored.
    pub(crate) fn note(&self, samples: std::ops::Range<u64>) {
        let subjects = self.of_subject.len() as u64;
        for sample in samples.clone() {
            add(&self.of_subject[usize::try_from(sample % subjects).expect("it is below their number")], 1);
        }
        self.which.lock().unwrap_or_else(PoisonError::into_inner).insert(samples);
    }

    /// How many are stored of each subject, the first first.
    pub(crate) fn of_subject(&self) -> impl Iterator<Item = u64> {
        self.of_subject.iter().map(get)
    }

    pub(crate) fn which(&self) -> Ranges {
        self.which.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What one viewer saw. Only it writes.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Samples, one by one or merged.
    pub(crate) samples: AtomicU64,
    /// Those of them that came merged.
    pub(crate) merged: AtomicU64,
    /// Updates.
    pub(crate) frames: AtomicU64,
    /// Bytes of all frames.
    pub(crate) bytes: AtomicU64,
    /// Frames that the service merged because this viewer lagged.
    pub(crate) lagged: AtomicU64,
    /// Updates that do not follow the frame before them.
    pub(crate) gaps: AtomicU64,
    /// Connections that were lost.
    pub(crate) lost: AtomicU64,
    /// How often the chain began anew with a picture of the present, although it had begun before.
    pub(crate) anew: AtomicU64,
    /// Heartbeats since the last sample. They queue behind all that was told before them; when two have come, nothing is
    /// under way at all.
    pub(crate) beats: AtomicU64,
    /// Whether it has a picture of the present.
    pub(crate) is_there: AtomicBool,
}

pub(crate) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

pub(crate) fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}
