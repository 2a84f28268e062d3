mod apply;
mod load;
mod stretch;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Subject, Timestamp};
use durable_log::{Epoch, Partition};
use log_writer::{Answer, Failure, Plan, Store, Work, sample_times};
use sqlx::PgConnection;

use self::apply::Place;
pub(crate) use self::stretch::FULL;
use crate::chunks::Chunks;
use crate::connect::within;
use crate::error::{self, at_commit, lacks_chunk};
use crate::open::Shared;
use crate::prune;

/// Most subjects whose ids are remembered; beyond it they are forgotten and looked up again.
const REMEMBERED_SUBJECTS: usize = 100_000;
/// A transaction that takes longer is given up: the server is not there any more.
const PATIENCE: Duration = Duration::from_secs(15);

/// The writer of one partition.
pub(crate) struct PostgresStore {
    pub(crate) shared: Arc<Shared>,
    pub(crate) partition: Partition,
    /// None before the first transaction and after a failure: a new connection knows nothing of a broken transaction.
    pub(crate) connection: Option<PgConnection>,
    /// Ids of committed subjects, which never change.
    pub(crate) subjects: HashMap<Subject, i64>,
    pub(crate) chunks: Chunks,
}

/// What needs a transaction of its own.
pub(crate) enum Chore {
    /// Forget entries of this partition recorded before a moment.
    Prune { before: Timestamp, limit: u32, answer: Answer<u64> },
}

/// Whether what a group wants to write is looked up first.
#[derive(Clone, Copy, PartialEq)]
enum Lookup {
    /// Nearly always everything is new, and the unique keys say so when it is not.
    Trusting,
    /// Something was there already: which?
    Looking,
}

#[async_trait]
impl Store for PostgresStore {
    type Chore = Chore;

    fn epoch(&self) -> Epoch {
        self.shared.epoch()
    }

    async fn write(&mut self, group: &[Work]) -> Result<Plan, Failure> {
        match self.attempt(group).await {
            // A chunk that was remembered is gone; or another writer made it just while the session of the server looked
            // which there are, and it missed that. Both know better over a new connection.
            Err(failure) if lacks_chunk(&failure) => self.attempt(group).await,
            outcome => outcome,
        }
    }

    fn is_of_a_request(&self, failure: &Failure) -> bool {
        error::is_of_a_request(failure)
    }

    async fn do_chore(&mut self, chore: Chore) {
        let Chore::Prune { before, limit, answer } = chore;
        drop(answer.send(self.prune(before, limit).await.map_err(Into::into)));
    }
}

impl PostgresStore {
    async fn attempt(&mut self, group: &[Work]) -> Result<Plan, Failure> {
        let mut connection = self.connect().await?;
        match self.write_over(&mut connection, group).await {
            Ok(mut plan) => {
                self.connection = Some(connection);
                self.remember(plan.take_subjects());
                Ok(plan)
            }
            Err(failure) => {
                self.give_up(connection);
                Err(failure)
            }
        }
    }

    async fn connect(&mut self) -> Result<PgConnection, Failure> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.shared.server.writer().await.map_err(Failure::before_commit("connecting")),
        }
    }

    async fn write_over(&mut self, connection: &mut PgConnection, group: &[Work]) -> Result<Plan, Failure> {
        if !self.shared.has_timescale {
            let ensured = self.chunks.ensure(connection, sample_times(group));
            in_time("making a chunk", ensured).await?;
        }
        let plan = match self.transaction(connection, group, Lookup::Trusting).await? {
            Some(plan) => plan,
            None => {
                let looked = self.transaction(connection, group, Lookup::Looking).await?;
                // The head row is locked: nobody can have come between.
                looked.ok_or_else(|| {
                    Failure::before_commit("writing")(sqlx::Error::Protocol("what was looked up changed".into()))
                })?
            }
        };
        commit(connection).await?;
        Ok(plan)
    }

    /// Everything but the commit; none, and rolled back, when something that was taken for new was there.
    async fn transaction(
        &self,
        connection: &mut PgConnection,
        group: &[Work],
        lookup: Lookup,
    ) -> Result<Option<Plan>, Failure> {
        let work = async {
            sqlx::raw_sql("BEGIN").execute(&mut *connection).await?;
            let (known, stretch) = self.load(connection, group, lookup).await?;
            let last = known.heads.values().map(|head| head.recorded).max().unwrap_or_default();
            let plan = Plan::new(known, self.shared.clock.not_before(last), group);
            let place = Place { stretch, recorded: last, chunk: self.shared.chunk };
            if apply::apply(connection, &plan, place).await? {
                return Ok(Some(plan));
            }
            sqlx::raw_sql("ROLLBACK").execute(connection).await?;
            Ok(None)
        };
        in_time("writing", work).await
    }

    async fn prune(&mut self, before: Timestamp, limit: u32) -> Result<u64, Failure> {
        let mut connection = self.connect().await?;
        let partition = self.partition;
        let pruned = match in_time("pruning", prune::entries(&mut connection, partition, before, limit)).await {
            Ok(pruned) => commit(&mut connection).await.map(|()| pruned),
            Err(failure) => Err(failure),
        };
        match pruned {
            Ok(_) => self.connection = Some(connection),
            Err(_) => self.give_up(connection),
        }
        pruned
    }

    /// A connection that is dropped is closed, which rolls back; what was remembered of the chunks may be outdated.
    fn give_up(&mut self, connection: PgConnection) {
        drop(connection);
        self.chunks.forget();
    }

    fn remember(&mut self, subjects: HashMap<Subject, i64>) {
        if self.subjects.len() + subjects.len() > REMEMBERED_SUBJECTS {
            self.subjects.clear();
        }
        self.subjects.extend(subjects);
    }
}

async fn in_time<T>(doing: &'static str, work: impl Future<Output = sqlx::Result<T>>) -> Result<T, Failure> {
    within(PATIENCE, work).await.map_err(Failure::before_commit(doing))
}

async fn commit(connection: &mut PgConnection) -> Result<(), Failure> {
    within(PATIENCE, sqlx::raw_sql("COMMIT").execute(connection)).await.map(drop).map_err(at_commit)
}
