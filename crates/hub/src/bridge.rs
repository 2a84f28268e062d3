use std::sync::Arc;

use bytes::Bytes;
use durable_log::{Cursor, LogError};

use crate::update::Contents;
use crate::{Hub, Interest};

/// The way from where a viewer left off to where its room stands, read from the log bite by bite: a crowd that comes
/// back after a restart never fills the memory.
#[derive(Debug)]
pub(crate) struct Bridge {
    /// What the viewer was told up to.
    told: Cursor,
    /// What was read up to.
    read: Cursor,
    /// What is to be read up to.
    until: Arc<Cursor>,
    /// The room's position: the same as `until`, but for entries that the room does not want.
    end: Arc<Cursor>,
}

impl Bridge {
    pub(crate) fn new(from: Cursor, until: Arc<Cursor>, end: Arc<Cursor>) -> Self {
        Self { told: from.clone(), read: from, until, end }
    }

    /// The same way, to another end.
    pub(crate) fn turned_to(self, until: Arc<Cursor>, end: Arc<Cursor>) -> Self {
        Self { until, end, ..self }
    }

    /// The next frame; none at the end. Cancel-safe: it moves on only when it has read.
    pub(crate) async fn next(&mut self, hub: &Hub, interest: &Interest) -> Result<Option<Bytes>, LogError> {
        while self.told != *self.end {
            let behind =
                self.until.partitions().find(|&partition| self.read.seq(partition) < self.until.seq(partition));
            let mut read = self.read.clone();
            let mut contents = Contents::default();
            let bite;
            if let Some(partition) = behind {
                let (after, until) = (read.seq(partition), self.until.seq(partition));
                bite = hub.bites.get(&*hub.log, self.until.epoch, partition, (after, until)).await?;
                contents = Contents::of(bite.entries(after, until), interest);
                // What was pruned meanwhile is passed over.
                read.advance(partition, bite.through().min(until));
            }
            let is_last = read == *self.until;
            self.read = read;
            if is_last || !contents.is_empty() {
                let cursor = if is_last { (*self.end).clone() } else { self.read.clone() };
                let frame = contents.into_bytes(&self.told, &cursor, hub.now());
                self.told = cursor;
                return Ok(Some(frame));
            }
        }
        Ok(None)
    }
}
