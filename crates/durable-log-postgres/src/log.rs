use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Alert, Artifact, Command, Event, Experiment, Sample, Subject, Timestamp};
use durable_log::{
    AlertFilter, Appended, ArtifactFilter, Cursor, EngineCommit, EngineState, Entry, EventFilter, ExperimentFilter,
    Fence, History, HistoryQuery, Log, LogError, Member, Partition, Past, PastQuery, SampleEntry, SamplesQuery,
    Snapshot,
};
use log_writer::{Fairly, Queues, Work, Writer};
use sqlx::PgConnection;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chunks::Chunks;
use crate::connect::{KEEPING, within};
use crate::error::reading;
use crate::open::{Shared, open};
use crate::readers::Readers;
use crate::share::Shares;
use crate::store::{Chore, PostgresStore};
use crate::{OpenError, PostgresOptions, prune, read, roll_up};

/// A close that takes longer is given up: a service has ten seconds to end, and most of them are gone by then.
const CLOSING: Duration = Duration::from_secs(3);

/// The log in a PostgreSQL database.
pub struct PostgresLog {
    shared: Arc<Shared>,
    queues: Queues<Chore>,
    shares: Shares,
    readers: Readers,
    closing: CancellationToken,
    /// Ends the writers in the middle of what they do.
    cut: CancellationToken,
    /// Holds the writers' tasks.
    tasks: TaskTracker,
}

impl PostgresLog {
    /// Opens the log in a database whose tables are up to date. Any number of processes may do so.
    pub async fn open(options: PostgresOptions) -> Result<Arc<Self>, OpenError> {
        let shared = open(&options).await?;
        let readers = Readers::new(&shared.server, options.readers);
        let partitions = shared.partitions;
        let (queues, requests) = Queues::new(partitions, partitions, options.queued_requests, options.queued_samples);
        let (closing, cut, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        for (partition, requests) in (0..partitions).map(Partition).zip(requests) {
            let store = PostgresStore {
                shared: shared.clone(),
                partition,
                connection: None,
                subjects: HashMap::new(),
                chunks: Chunks::new("samples", options.chunk),
            };
            let writer = Writer { store, bus: options.bus.clone() };
            let (closing, cut) = (closing.clone(), cut.clone());
            tasks.spawn(async move { cut.run_until_cancelled(writer.run(requests, closing)).await.map(drop) });
        }
        tasks.close();
        let shares = Shares::new(shared.clone(), closing.clone());
        Ok(Arc::new(Self { shared, queues, shares, readers, closing, cut, tasks }))
    }
}

#[async_trait]
impl Log for PostgresLog {
    fn store(&self) -> &str {
        &self.shared.store
    }

    fn partitions(&self) -> u16 {
        self.shared.partitions
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    async fn heads(&self) -> Result<Cursor, LogError> {
        self.readers.read("reading the heads", async |connection| read::heads(connection, &self.shared).await).await
    }

    async fn size_bytes(&self) -> Result<u64, LogError> {
        let size = "SELECT pg_database_size(current_database())";
        let read = async |connection: &mut PgConnection| sqlx::query_scalar::<_, i64>(size).fetch_one(connection).await;
        Ok(self.readers.read("asking for the size of the database", read).await?.cast_unsigned())
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
        read::snapshot(&self.readers, &self.shared).await
    }

    async fn past(&self, query: PastQuery) -> Result<Past, LogError> {
        read::past(&self.readers, &query).await
    }

    async fn history(&self, query: HistoryQuery) -> Result<History, LogError> {
        read::history(&self.readers, &query).await
    }

    async fn samples(&self, query: SamplesQuery) -> Result<Vec<SampleEntry>, LogError> {
        read::samples(&self.readers, &query).await
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
        self.shares.share(member, ttl).await
    }

    async fn leave(&self, member: Member) -> Result<(), LogError> {
        self.shares.leave(member).await
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
        let partition = commit.fence.partition;
        self.queues.wait(partition, |answer| Work::Commit(Box::new(commit), answer)).await
    }

    async fn roll_up(&self) -> Result<bool, LogError> {
        within(KEEPING, Box::pin(roll_up::roll_up(&self.shared))).await.map_err(reading("summing up the past"))
    }

    async fn prune(&self, retention: Duration, limit: u32) -> Result<u64, LogError> {
        let before = self.shared.clock.now().minus(retention);
        let mut turns = Fairly::new(self.shared.partitions, limit);
        while let Some(turn) = turns.next_turn() {
            let (partition, limit) = turn;
            let pruned = self.queues.chore(partition, |answer| Chore::Prune { before, limit, answer }).await?;
            turns.did(turn, pruned);
        }
        let pruned = turns.done();
        if pruned < u64::from(limit) {
            let tidied = within(KEEPING, Box::pin(prune::the_rest(&self.shared, before, limit)));
            tidied.await.map_err(reading("tidying up"))?;
        }
        Ok(pruned)
    }

    async fn close(&self) {
        self.closing.cancel();
        let close = async {
            self.tasks.wait().await;
            self.shares.close().await;
            self.readers.close().await;
        };
        if timeout(CLOSING, close).await.is_err() {
            tracing::warn!("the database does not answer: what was not written by now is not waited for");
            self.cut.cancel();
        }
    }
}
