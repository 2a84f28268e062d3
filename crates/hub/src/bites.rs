use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use durable_log::{Entry, Epoch, Log, LogError, Partition};
use tokio::time::Instant;

/// Entries of a bite.
const BITE: u64 = 500;
/// Most bites that are kept: what may be missed by one who resumes, and a little more.
const BITES: usize = 64;
/// How long one is kept: a crowd is back by then.
const KEPT: Duration = Duration::from_secs(10);

/// Pieces of the log for viewers that resume. A crowd that comes back after a restart has missed nearly the same, so a
/// piece that was read for one is kept for a moment for the others, and one is read at a time.
#[derive(Debug, Default)]
pub(crate) struct Bites {
    kept: Mutex<VecDeque<Arc<Bite>>>,
    reading: tokio::sync::Mutex<()>,
}

/// The entries after `after`, up to `through`; those that were pruned are missing.
#[derive(Debug)]
pub(crate) struct Bite {
    epoch: Epoch,
    partition: Partition,
    after: u64,
    through: u64,
    entries: Vec<Entry>,
    read_at: Instant,
}

impl Bites {
    /// The piece that holds the entry after number `after`, and what follows up to `until` or its end. The log holds
    /// `until`.
    pub(crate) async fn get(
        &self,
        log: &dyn Log,
        epoch: Epoch,
        partition: Partition,
        (after, until): (u64, u64),
    ) -> Result<Arc<Bite>, LogError> {
        let begin = after / BITE * BITE;
        let until = until.min(begin + BITE);
        let kept = || self.kept().iter().find(|bite| bite.is((epoch, partition, begin), until)).map(Arc::clone);
        if let Some(bite) = kept() {
            return Ok(bite);
        }
        let _alone = self.reading.lock().await;
        // Who was before may have read the same.
        if let Some(bite) = kept() {
            return Ok(bite);
        }
        let limit = u32::try_from(BITE).expect("a bite is small");
        let mut entries = log.read(partition, begin, limit).await?;
        entries.retain(|entry| entry.seq <= begin + BITE);
        let through = entries.last().map_or(until, |last| last.seq.max(until));
        let bite = Arc::new(Bite { epoch, partition, after: begin, through, entries, read_at: Instant::now() });
        self.keep(&bite);
        Ok(bite)
    }

    /// Lets go of what was read a while ago.
    pub(crate) fn forget(&self) {
        self.kept().retain(|bite| bite.read_at.elapsed() < KEPT);
    }

    fn keep(&self, bite: &Arc<Bite>) {
        let mut kept = self.kept();
        // The same, when less of it was there.
        kept.retain(|other| !other.is((bite.epoch, bite.partition, bite.after), 0));
        kept.truncate(BITES - 1);
        kept.push_front(Arc::clone(bite));
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Bite>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bite {
    /// The number of its last entry.
    pub(crate) const fn through(&self) -> u64 {
        self.through
    }

    /// Its entries after number `after`, up to `until`.
    pub(crate) fn entries(&self, after: u64, until: u64) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| after < entry.seq && entry.seq <= until)
    }

    fn is(&self, which: (Epoch, Partition, u64), until: u64) -> bool {
        (self.epoch, self.partition, self.after) == which && self.through >= until
    }
}
