use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, Artifact, Command, Event, Experiment, Sample, Subject, Timestamp};
use durable_log::*;

use super::world::subject_of;
use crate::view::View;

/// A log in memory: as much of one as a hub reads. What it is told is published on `bus` at once.
pub(super) struct MemoryLog {
    bus: Arc<dyn Bus>,
    partitions: Mutex<(Epoch, Vec<Vec<Entry>>)>,
    reads: AtomicUsize,
    /// Others run while it reads, as when a store is asked.
    takes_time: bool,
    is_away: AtomicBool,
}

impl MemoryLog {
    pub(super) fn new(bus: Arc<dyn Bus>) -> Arc<Self> {
        Arc::new(Self::with(bus, false))
    }

    /// One that takes its time to read.
    pub(super) fn slow(bus: Arc<dyn Bus>) -> Arc<Self> {
        Arc::new(Self::with(bus, true))
    }

    fn with(bus: Arc<dyn Bus>, takes_time: bool) -> Self {
        let partitions = Mutex::new((Epoch(7), vec![Vec::new(); 3]));
        Self { bus, partitions, reads: AtomicUsize::new(0), takes_time, is_away: AtomicBool::new(false) }
    }

    /// Stores `bodies`, each in its subject's partition; answers the batches in the order of the partitions.
    pub(super) fn store(&self, bodies: Vec<Body>) -> Vec<Arc<Batch>> {
        let mut held = self.partitions.lock().unwrap();
        let (epoch, partitions) = &mut *held;
        let mut batches: Vec<Batch> =
            (0..3).map(|index| Batch { partition: Partition(index), entries: Vec::new() }).collect();
        for body in bodies {
            let index = usize::from(partition_of(subject_of(&body), 3).0);
            let seq = partitions[index].len() as u64 + 1;
            let entry = Entry { seq, recorded: Timestamp::from_micros(1), body };
            partitions[index].push(entry.clone());
            batches[index].entries.push(entry);
        }
        let batches: Vec<Arc<Batch>> =
            batches.into_iter().filter(|batch| !batch.entries.is_empty()).map(Arc::new).collect();
        for batch in &batches {
            self.bus.publish(*epoch, Arc::clone(batch));
        }
        batches
    }

    /// How often entries were read.
    pub(super) fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }

    /// From now on nothing can be read.
    pub(super) fn go_away(&self) {
        self.is_away.store(true, Ordering::Relaxed);
    }

    /// Begins another life, empty.
    pub(super) fn begin_anew(&self) {
        *self.partitions.lock().unwrap() = (Epoch(8), vec![Vec::new(); 3]);
    }

    pub(super) fn head(&self) -> Cursor {
        let held = self.partitions.lock().unwrap();
        Cursor::new(held.0, held.1.iter().map(|entries| entries.len() as u64).collect())
    }
}

#[async_trait]
impl Log for MemoryLog {
    fn store(&self) -> &str {
        "memory"
    }

    fn now(&self) -> Timestamp {
        Clock::system().now()
    }

    fn partitions(&self) -> u16 {
        3
    }

    async fn heads(&self) -> Result<Cursor, LogError> {
        Ok(self.head())
    }

    async fn read(&self, partition: Partition, after: u64, limit: u32) -> Result<Vec<Entry>, LogError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        if self.is_away.load(Ordering::Relaxed) {
            return Err(LogError::Closed);
        }
        if self.takes_time {
            tokio::task::yield_now().await;
        }
        let held = self.partitions.lock().unwrap();
        let entries = held.1[usize::from(partition.0)].iter().skip(usize::try_from(after).unwrap());
        Ok(entries.take(limit as usize).cloned().collect())
    }

    async fn snapshot(&self) -> Result<Snapshot, LogError> {
        let cursor = self.head();
        let mut view = View::new(Snapshot { cursor: cursor.clone(), subjects: Vec::new(), alerts: Vec::new() }, 1_000);
        for entry in self.partitions.lock().unwrap().1.iter().flatten() {
            view.apply(entry);
        }
        let subjects = view.subjects().iter().map(|now| (**now).clone()).collect();
        let all = view.excerpt(&crate::Interest::new(crate::Channels::ALL, None));
        Ok(Snapshot { cursor, subjects, alerts: all.alerts.iter().map(|alert| (**alert).clone()).collect() })
    }

    fn room(&self) -> usize {
        0
    }
    async fn size_bytes(&self) -> Result<u64, LogError> {
        Err(LogError::Closed)
    }
    async fn append(&self, _: Vec<Sample>) -> Result<Appended, LogError> {
        Err(LogError::Closed)
    }
    async fn append_command(&self, _: Subject, _: Command) -> Result<u64, LogError> {
        Err(LogError::Closed)
    }
    async fn past(&self, _: PastQuery) -> Result<Past, LogError> {
        Err(LogError::Closed)
    }
    async fn history(&self, _: HistoryQuery) -> Result<History, LogError> {
        Err(LogError::Closed)
    }
    async fn samples(&self, _: SamplesQuery) -> Result<Vec<SampleEntry>, LogError> {
        Err(LogError::Closed)
    }
    async fn alerts(&self, _: AlertFilter) -> Result<Vec<Alert>, LogError> {
        Err(LogError::Closed)
    }
    async fn events(&self, _: EventFilter) -> Result<Vec<Event>, LogError> {
        Err(LogError::Closed)
    }
    async fn alert(&self, _: &str) -> Result<Option<Alert>, LogError> {
        Err(LogError::Closed)
    }
    async fn artifacts(&self, _: ArtifactFilter) -> Result<Vec<Artifact>, LogError> {
        Err(LogError::Closed)
    }
    async fn artifact(&self, _: &str) -> Result<Option<Artifact>, LogError> {
        Err(LogError::Closed)
    }
    async fn experiments(&self, _: ExperimentFilter) -> Result<Vec<Experiment>, LogError> {
        Err(LogError::Closed)
    }
    async fn experiment(&self, _: &str) -> Result<Option<Experiment>, LogError> {
        Err(LogError::Closed)
    }
    async fn share(&self, _: Member, _: Duration) -> Result<Vec<Partition>, LogError> {
        Err(LogError::Closed)
    }
    async fn leave(&self, _: Member) -> Result<(), LogError> {
        Err(LogError::Closed)
    }
    async fn roll_up(&self) -> Result<bool, LogError> {
        Err(LogError::Closed)
    }
    async fn claim(&self, _: Partition) -> Result<Fence, LogError> {
        Err(LogError::Closed)
    }
    async fn engine_state(&self, _: Partition) -> Result<EngineState, LogError> {
        Err(LogError::Closed)
    }
    async fn subject_state(&self, _: &Subject) -> Result<Option<(Timestamp, String)>, LogError> {
        Err(LogError::Closed)
    }
    async fn subject_states(&self, _: u32) -> Result<Vec<(Subject, Timestamp, String)>, LogError> {
        Err(LogError::Closed)
    }
    async fn commit(&self, _: EngineCommit) -> Result<u64, LogError> {
        Err(LogError::Closed)
    }
    async fn prune(&self, _: Duration, _: u32) -> Result<u64, LogError> {
        Err(LogError::Closed)
    }
    async fn close(&self) {}
}

/// Only every third batch gets through, and nobody is told.
pub(super) struct LossyBus(pub(super) bus_local::LocalBus, pub(super) std::sync::atomic::AtomicU64);

impl Bus for LossyBus {
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>) {
        if self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed).is_multiple_of(3) {
            self.0.publish(epoch, batch);
        }
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.0.subscribe()
    }
}

pub(super) fn event(subject: &Subject, at: Timestamp, body: domain::EventBody) -> Body {
    let id = format!("{}-{}", subject.as_str(), at.as_micros());
    Body::Event(Box::new(Event { id, subject: subject.clone(), at, body }))
}
