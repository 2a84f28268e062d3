use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, Command, Sample, Subject};
use durable_log::{
    AlertFilter, Appended, Clock, Cursor, EngineCommit, EngineState, Entry, Epoch, Fence, History, HistoryQuery, Log,
    LogError, Partition, Snapshot,
};
use sqlx::{Connection, SqlitePool};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::open::{Opened, open};
use crate::queue::{Queue, Work};
use crate::writer::Writer;
use crate::{OpenError, SqliteOptions, read};

/// The log in one SQLite file.
pub struct SqliteLog {
    epoch: Epoch,
    partitions: u16,
    clock: Clock,
    queue: Queue,
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
        let (queue, requests) = Queue::new(options.queued_requests, options.queued_samples);
        let (closing, tasks) = (CancellationToken::new(), TaskTracker::new());
        let writer = Writer {
            connect,
            connection: Some(connection),
            bus: options.bus,
            clock: options.clock.clone(),
            epoch,
            subjects: HashMap::new(),
        };
        let (pool, token) = (readers.clone(), closing.clone());
        tasks.spawn(async move {
            let writer = writer.run(requests, token).await;
            // The writer's connection goes last: SQLite then empties the write-ahead log into the file.
            pool.close().await;
            if let Some(connection) = writer.connection {
                drop(connection.close().await);
            }
        });
        tasks.close();
        Arc::new(Self { epoch, partitions, clock: options.clock, queue, readers, closing, tasks })
    }
}

#[async_trait]
impl Log for SqliteLog {
    fn partitions(&self) -> u16 {
        self.partitions
    }

    async fn heads(&self) -> Result<Cursor, LogError> {
        read::heads(&self.readers, self.epoch).await
    }

    async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError> {
        self.queue.append(samples).await
    }

    async fn append_command(&self, subject: Subject, command: Command) -> Result<u64, LogError> {
        self.queue.command(subject, command).await
    }

    async fn read(&self, partition: Partition, after: u64, limit: u32) -> Result<Vec<Entry>, LogError> {
        read::entries(&self.readers, partition, after, limit).await
    }

    async fn snapshot(&self) -> Result<Snapshot, LogError> {
        read::snapshot(&self.readers, self.epoch).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<History, LogError> {
        read::history(&self.readers, &query).await
    }

    async fn alerts(&self, filter: AlertFilter) -> Result<Vec<Alert>, LogError> {
        read::alerts(&self.readers, &filter).await
    }

    async fn alert(&self, id: &str) -> Result<Option<Alert>, LogError> {
        read::alert(&self.readers, id).await
    }

    async fn claim(&self, partition: Partition) -> Result<Fence, LogError> {
        self.queue.wait(|answer| Work::Claim(partition, answer)).await
    }

    async fn engine_state(&self, partition: Partition) -> Result<EngineState, LogError> {
        read::engine_state(&self.readers, partition).await
    }

    async fn commit(&self, commit: EngineCommit) -> Result<u64, LogError> {
        self.queue.wait(|answer| Work::Commit(Box::new(commit), answer)).await
    }

    async fn prune(&self, retention: Duration, limit: u32) -> Result<u64, LogError> {
        let before = self.clock.now().minus(retention);
        self.queue.wait(|answer| Work::Prune { before, limit, answer }).await
    }

    async fn close(&self) {
        self.closing.cancel();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests;
