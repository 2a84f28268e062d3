use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use domain::{Sample, Subject, Timestamp};
use durable_log::{Body, Entry, Log, Partition};
use tokio::time::{Instant, sleep_until};

use super::past_clock::PastClock;
use crate::past::{Entries, last_recorded_before};
use crate::say;

/// Most samples of one commit.
const BATCH: usize = 2_000;
/// Commits are no closer to each other than this.
const TOGETHER: Duration = Duration::from_millis(5);
/// How often it says how far it is.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Hands the samples of the past to a log, each when that log's clock comes to the moment at which it was recorded.
pub(super) struct Feeder {
    parts: Vec<Part>,
    subjects: Vec<Subject>,
    log: Arc<dyn Log>,
    clock: PastClock,
    until: Timestamp,
    /// What was recorded within so short a time is written together.
    together: Duration,
    fed: u64,
    told: Instant,
}

/// One partition of the past.
struct Part {
    entries: Entries,
    read: VecDeque<Entry>,
}

impl Feeder {
    pub(super) async fn new(
        past: &Arc<dyn Log>,
        subjects: &[Subject],
        log: Arc<dyn Log>,
        clock: PastClock,
        until: Timestamp,
    ) -> anyhow::Result<Self> {
        let heads = past.heads().await.context("reading the heads")?;
        let mut parts = Vec::new();
        for partition in (0..past.partitions()).map(Partition) {
            let head = heads.seq(partition);
            let before = last_recorded_before(&**past, partition, head, clock.now()).await;
            let entries = Entries::new(Arc::clone(past), partition, before.context("looking for the moment")?, head);
            parts.push(Part { entries, read: VecDeque::new() });
        }
        let (subjects, together) = (subjects.to_vec(), clock.passes_in(TOGETHER));
        Ok(Self { parts, subjects, log, clock, until, together, fed: 0, told: Instant::now() })
    }

    /// Runs to the end of the time that is replayed.
    pub(super) async fn run(&mut self) -> anyhow::Result<()> {
        loop {
            let due = self.next_due().await.context("reading the past")?;
            let moment = due.last().map_or(self.until, |(recorded, _)| *recorded);
            self.clock.let_go(moment);
            sleep_until(self.clock.instant(moment)).await;
            if due.is_empty() {
                return Ok(());
            }
            self.fed += due.len() as u64;
            // The clock waits at this moment until they are written, so that they are recorded when they were.
            let samples = due.into_iter().map(|(_, sample)| sample).collect();
            self.log.append(samples).await.context("writing the past anew")?;
            if self.told.elapsed() >= TELL_EVERY {
                self.tell();
                self.told = Instant::now();
            }
        }
    }

    /// The next samples, with the moments at which they were recorded: those of one moment, and of a time after it that
    /// is too short to notice. None at the end.
    async fn next_due(&mut self) -> anyhow::Result<Vec<(Timestamp, Sample)>> {
        let mut due: Vec<(Timestamp, Sample)> = Vec::new();
        let mut end = self.until;
        while due.len() < BATCH {
            self.read().await?;
            let parts = self.parts.iter_mut().filter(|part| part.next().is_some_and(|next| next < end));
            let Some(part) = parts.min_by_key(|part| part.next()) else { break };
            let Some(Entry { recorded, body: Body::Sample(sample), .. }) = part.read.pop_front() else { break };
            if due.is_empty() {
                end = recorded.plus(self.together).min(end);
            }
            due.push((recorded, sample));
        }
        Ok(due)
    }

    /// Says how far it is.
    pub(super) fn tell(&self) {
        say::note(&format!("{}: {} samples", self.clock.now().min(self.until), self.fed));
    }

    /// Reads on where everything that was read is handed over.
    async fn read(&mut self) -> anyhow::Result<()> {
        for part in &mut self.parts {
            while part.read.is_empty() {
                let mut page = part.entries.next().await?;
                if page.is_empty() {
                    break;
                }
                page.retain(|entry| match &entry.body {
                    Body::Sample(sample) => self.subjects.is_empty() || self.subjects.contains(&sample.subject),
                    // What was concluded from them then is concluded anew.
                    Body::Command(..) | Body::Event(_) => false,
                });
                part.read = page.into();
            }
        }
        Ok(())
    }
}

impl Part {
    fn next(&self) -> Option<Timestamp> {
        self.read.front().map(|entry| entry.recorded)
    }
}
