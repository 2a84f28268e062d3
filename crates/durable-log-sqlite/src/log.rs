use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, Artifact, Command, Event, Experiment, Sample, Subject, Timestamp};
use durable_log::{
    AlertFilter, Appended, ArtifactFilter, Clock, Cursor, EngineCommit, EngineState, Entry, Epoch, EventFilter,
    ExperimentFilter, Fence, History, HistoryQuery, Log, LogError, Member, Partition, Past, PastQuery, SampleEntry,
    SamplesQuery, Snapshot,
};
use log_writer::{Queues, Work, Writer};
use sqlx::{Connection, SqlitePool};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::open::{Opened, open};
use crate::roll_up::{Step, next_step};
use crate::writer::{Chore, SqliteStore};
use crate::{OpenError, SqliteOptions, read};

/// The log in one SQLite file.
pub struct SqliteLog {
    epoch: Epoch,
    partitions: u16,
    clock: Clock,
    queues: Queues<Chore>,
    path: PathBuf,
    readers: SqlitePool,
    closing: CancellationToken,
    /// Holds the writer's task.
    tasks: TaskTracker,
}

impl SqliteLog {
    /// Opens the log, and makes it first when there is none. Several processes may have the same file open.
    pub async fn open(options: SqliteOptions) -> Result<Arc<Self>, OpenError> {
        let opened = open(&options).await?;
        Ok(Self::start(opened, options))
    }

    fn start(opened: Opened, options: SqliteOptions) -> Arc<Self> {
        let Opened { connect, connection, readers, epoch, partitions } = opened;
        let (queues, mut requests) = Queues::new(1, partitions, options.queued_requests, options.queued_samples);
        let (closing, tasks) = (CancellationToken::new(), TaskTracker::new());
        let store = SqliteStore {
            connect,
            connection: Some(connection),
            epoch,
            clock: options.clock.clone(),
            subjects: HashMap::new(),
        };
        let writer = Writer { store, bus: options.bus };
        let requests = requests.pop().expect("a queue for each writer");
        let (pool, token) = (readers.clone(), closing.clone());
        tasks.spawn(async move {
            let store = writer.run(requests, token).await;
            // The writer's connection goes last: SQLite then empties the write-ahead log into the file.
            pool.close().await;
            if let Some(connection) = store.connection {
                drop(connection.close().await);
            }
        });
        tasks.close();
        Arc::new(Self { epoch, partitions, clock: options.clock, queues, path: options.path, readers, closing, tasks })
    }
}

#[async_trait]
impl Log for SqliteLog {
    fn store(&self) -> &str {
        "SQLite"
    }

    fn partitions(&self) -> u16 {
        self.partitions
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn heads(&self) -> Result<Cursor, LogError> {
        read::heads(&self.readers, self.epoch).await
    }

    async fn size_bytes(&self) -> Result<u64, LogError> {
        read::size_bytes(&self.readers).await
    }

    fn room(&self) -> usize {
        self.queues.room()
    }

    async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError> {
        self.queues.append(samples).await
    }

    async fn append_command(&self, subject: Subject, command: Command) -> Result<u64, LogError> {
        self.queues.command(subject, command).await
    }

    async fn read(&self, partition: Partition, after: u64, limit: u32) -> Result<Vec<Entry>, LogError> {
        read::entries(&self.readers, partition, after, limit).await
    }

    async fn snapshot(&self) -> Result<Snapshot, LogError> {
        read::snapshot(&self.readers, self.epoch).await
    }

    async fn past(&self, query: PastQuery) -> Result<Past, LogError> {
        read::past(&self.readers, &query).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<History, LogError> {
        read::history(&self.readers, self.path.clone(), query).await
    }

    async fn samples(&self, query: SamplesQuery) -> Result<Vec<SampleEntry>, LogError> {
        read::samples(&self.readers, self.path.clone(), query).await
    }

    async fn alerts(&self, filter: AlertFilter) -> Result<Vec<Alert>, LogError> {
        read::alerts(&self.readers, &filter).await
    }

    async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, LogError> {
        read::events(&self.readers, &filter).await
    }

    async fn alert(&self, id: &str) -> Result<Option<Alert>, LogError> {
        read::alert(&self.readers, id).await
    }

    async fn artifacts(&self, filter: ArtifactFilter) -> Result<Vec<Artifact>, LogError> {
        read::artifacts(&self.readers, &filter).await
    }

    async fn artifact(&self, id: &str) -> Result<Option<Artifact>, LogError> {
        read::artifact(&self.readers, id).await
    }

    async fn experiments(&self, filter: ExperimentFilter) -> Result<Vec<Experiment>, LogError> {
        read::experiments(&self.readers, &filter).await
    }

    async fn experiment(&self, id: &str) -> Result<Option<Experiment>, LogError> {
        read::experiment(&self.readers, id).await
    }

    async fn share(&self, member: Member, ttl: Duration) -> Result<Vec<Partition>, LogError> {
        self.queues.chore(Partition(0), |answer| Chore::Share { member, ttl, answer }).await
    }

    async fn leave(&self, member: Member) -> Result<(), LogError> {
        self.queues.chore(Partition(0), |answer| Chore::Leave { member, answer }).await
    }

    async fn claim(&self, partition: Partition) -> Result<Fence, LogError> {
        self.queues.wait(partition, |answer| Work::Claim(partition, answer)).await
    }

    async fn engine_state(&self, partition: Partition) -> Result<EngineState, LogError> {
        read::engine_state(&self.readers, partition).await
    }

    async fn subject_state(&self, subject: &Subject) -> Result<Option<(Timestamp, String)>, LogError> {
        read::subject_state(&self.readers, subject).await
    }

    async fn subject_states(&self, limit: u32) -> Result<Vec<(Subject, Timestamp, String)>, LogError> {
        read::subject_states(&self.readers, limit).await
    }

    async fn commit(&self, commit: EngineCommit) -> Result<u64, LogError> {
        self.queues.wait(commit.fence.partition, |answer| Work::Commit(Box::new(commit), answer)).await
    }

    async fn roll_up(&self) -> Result<bool, LogError> {
        let mut more = false;
        for partition in (0..self.partitions).map(Partition) {
            let next = move |connection: &rusqlite::Connection| next_step(connection, partition);
            let doing = "summing up the past";
            if let Some(step) = read::read(&self.readers, self.path.clone(), doing, read::KEEPING, next).await? {
                // What came meanwhile waits for the next time: else there would be no rest while samples come.
                more |= !matches!(&step, Step::Store(bite) if bite.is_last);
                self.queues.chore(partition, |answer| Chore::RollUp { partition, step, answer }).await?;
            }
        }
        Ok(more)
    }

    async fn prune(&self, retention: Duration, limit: u32) -> Result<u64, LogError> {
        let before = self.clock.now().minus(retention);
        self.queues.chore(Partition(0), |answer| Chore::Prune { before, limit, answer }).await
    }

    async fn close(&self) {
        self.closing.cancel();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests;
