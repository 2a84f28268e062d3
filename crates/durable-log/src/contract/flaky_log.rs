use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, Artifact, Command, Event, Experiment, Sample, Subject, Timestamp};
use tokio::task::yield_now;

use crate::{
    AlertFilter, Appended, ArtifactFilter, Cursor, EngineCommit, EngineState, Entry, EventFilter, ExperimentFilter,
    Fence, History, HistoryQuery, Log, LogError, Member, Partition, Past, PastQuery, SampleEntry, SamplesQuery,
    Snapshot,
};

/// A log that fails when told to. Its reads are counted; they and its heads never come at the first poll.
pub struct FlakyLog {
    inner: Arc<dyn Log>,
    failing_heads: AtomicU32,
    failing_reads: AtomicU32,
    failing_commands: AtomicU32,
    reads: AtomicU32,
}

impl FlakyLog {
    /// `inner`, not failing yet.
    pub fn new(inner: Arc<dyn Log>) -> Self {
        Self {
            inner,
            failing_heads: AtomicU32::new(0),
            failing_reads: AtomicU32::new(0),
            failing_commands: AtomicU32::new(0),
            reads: AtomicU32::new(0),
        }
    }

    /// Lets the next `times` calls of `heads` fail.
    pub fn fail_heads(&self, times: u32) {
        self.failing_heads.store(times, Ordering::SeqCst);
    }

    /// Lets the next `times` calls of `read` fail.
    pub fn fail_reads(&self, times: u32) {
        self.failing_reads.store(times, Ordering::SeqCst);
    }

    /// Lets the next `times` calls of `append_command` fail.
    pub fn fail_commands(&self, times: u32) {
        self.failing_commands.store(times, Ordering::SeqCst);
    }

    /// How often entries were read.
    pub fn reads(&self) -> u32 {
        self.reads.load(Ordering::SeqCst)
    }
}

/// Takes a few turns, as an answer over a network does: who asks anew at each turn never hears it.
async fn dawdle() {
    for _ in 0..3 {
        yield_now().await;
    }
}

fn fails(times: &AtomicU32, doing: &'static str) -> Result<(), LogError> {
    match times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1)) {
        Ok(_) => Err(LogError::Store { doing, source: "on purpose".into() }),
        Err(_) => Ok(()),
    }
}

#[async_trait]
impl Log for FlakyLog {
    fn store(&self) -> &str {
        self.inner.store()
    }

    fn partitions(&self) -> u16 {
        self.inner.partitions()
    }

    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    async fn heads(&self) -> Result<Cursor, LogError> {
        dawdle().await;
        fails(&self.failing_heads, "reading the heads")?;
        self.inner.heads().await
    }

    async fn size_bytes(&self) -> Result<u64, LogError> {
        self.inner.size_bytes().await
    }

    fn room(&self) -> usize {
        self.inner.room()
    }

    async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError> {
        self.inner.append(samples).await
    }

    async fn append_command(&self, subject: Subject, command: Command) -> Result<u64, LogError> {
        fails(&self.failing_commands, "writing a command")?;
        self.inner.append_command(subject, command).await
    }

    async fn read(&self, partition: Partition, after: u64, limit: u32) -> Result<Vec<Entry>, LogError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        dawdle().await;
        fails(&self.failing_reads, "reading entries")?;
        self.inner.read(partition, after, limit).await
    }

    async fn snapshot(&self) -> Result<Snapshot, LogError> {
        self.inner.snapshot().await
    }

    async fn past(&self, query: PastQuery) -> Result<Past, LogError> {
        self.inner.past(query).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<History, LogError> {
        self.inner.history(query).await
    }

    async fn samples(&self, query: SamplesQuery) -> Result<Vec<SampleEntry>, LogError> {
        self.inner.samples(query).await
    }

    async fn alerts(&self, filter: AlertFilter) -> Result<Vec<Alert>, LogError> {
        self.inner.alerts(filter).await
    }

    async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, LogError> {
        self.inner.events(filter).await
    }

    async fn alert(&self, id: &str) -> Result<Option<Alert>, LogError> {
        self.inner.alert(id).await
    }

    async fn artifacts(&self, filter: ArtifactFilter) -> Result<Vec<Artifact>, LogError> {
        self.inner.artifacts(filter).await
    }

    async fn artifact(&self, id: &str) -> Result<Option<Artifact>, LogError> {
        self.inner.artifact(id).await
    }

    async fn experiments(&self, filter: ExperimentFilter) -> Result<Vec<Experiment>, LogError> {
        self.inner.experiments(filter).await
    }

    async fn experiment(&self, id: &str) -> Result<Option<Experiment>, LogError> {
        self.inner.experiment(id).await
    }

    async fn share(&self, member: Member, ttl: Duration) -> Result<Vec<Partition>, LogError> {
        self.inner.share(member, ttl).await
    }

    async fn leave(&self, member: Member) -> Result<(), LogError> {
        self.inner.leave(member).await
    }

    async fn claim(&self, partition: Partition) -> Result<Fence, LogError> {
        self.inner.claim(partition).await
    }

    async fn engine_state(&self, partition: Partition) -> Result<EngineState, LogError> {
        self.inner.engine_state(partition).await
    }

    async fn subject_state(&self, subject: &Subject) -> Result<Option<(Timestamp, String)>, LogError> {
        self.inner.subject_state(subject).await
    }

    async fn subject_states(&self, limit: u32) -> Result<Vec<(Subject, Timestamp, String)>, LogError> {
        self.inner.subject_states(limit).await
    }

    async fn commit(&self, commit: EngineCommit) -> Result<u64, LogError> {
        self.inner.commit(commit).await
    }

    async fn roll_up(&self) -> Result<bool, LogError> {
        self.inner.roll_up().await
    }

    async fn prune(&self, retention: Duration, limit: u32) -> Result<u64, LogError> {
        self.inner.prune(retention, limit).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
