use std::sync::Arc;

use domain::Timestamp;
use durable_log::{Entry, Log, LogError, Partition};

/// Entries in one answer of the log.
const PAGE: u32 = 5_000;

/// The entries of one partition, page by page, up to a number.
pub(crate) struct Entries {
    log: Arc<dyn Log>,
    partition: Partition,
    after: u64,
    until: u64,
}

impl Entries {
    /// Those after number `after`, up to number `until`.
    pub(crate) fn new(log: Arc<dyn Log>, partition: Partition, after: u64, until: u64) -> Self {
        Self { log, partition, after, until }
    }

    /// The next page; empty at the end.
    pub(crate) async fn next(&mut self) -> Result<Vec<Entry>, LogError> {
        if self.after >= self.until {
            return Ok(Vec::new());
        }
        let mut page = self.log.read(self.partition, self.after, PAGE).await?;
        page.retain(|entry| entry.seq <= self.until);
        self.after = page.last().map_or(self.until, |entry| entry.seq);
        Ok(page)
    }
}

/// The number of the last entry of a partition that was recorded before `moment`, among those up to number `head`: they
/// are recorded in the order of their numbers, so few of them are looked at.
pub(crate) async fn last_recorded_before(
    log: &dyn Log,
    partition: Partition,
    head: u64,
    moment: Timestamp,
) -> Result<u64, LogError> {
    let (mut before, mut since) = (0, head);
    while before < since {
        let middle = before + (since - before) / 2;
        match log.read(partition, middle, 1).await?.first() {
            Some(entry) if entry.recorded < moment => before = entry.seq,
            _ => since = middle,
        }
    }
    Ok(before)
}
