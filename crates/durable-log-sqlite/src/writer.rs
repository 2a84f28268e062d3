mod apply;
mod load;
mod prune;
mod roll_up;
mod script;
mod share;

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use domain::{Subject, Timestamp};
use durable_log::{Clock, Epoch, Member, Partition};
use log_writer::{Answer, Failure, Plan, Store, Work};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use crate::error::{self, at_commit};
use crate::roll_up::Step;

/// Most subjects whose ids are remembered; beyond it they are forgotten and looked up again.
const REMEMBERED_SUBJECTS: usize = 100_000;

/// The one connection that writes.
pub(crate) struct SqliteStore {
    pub(crate) connect: SqliteConnectOptions,
    /// None after a failure: a new connection knows nothing of a broken transaction.
    pub(crate) connection: Option<SqliteConnection>,
    pub(crate) epoch: Epoch,
    pub(crate) clock: Clock,
    /// Ids of committed subjects. They never change, so that several processes may remember them.
    pub(crate) subjects: HashMap<Subject, i64>,
}

/// What needs a transaction of its own.
pub(crate) enum Chore {
    Prune { before: Timestamp, limit: u32, answer: Answer<u64> },
    RollUp { partition: Partition, step: Step, answer: Answer<()> },
    Share { member: Member, ttl: Duration, answer: Answer<Vec<Partition>> },
    Leave { member: Member, answer: Answer<()> },
}

#[async_trait]
impl Store for SqliteStore {
    type Chore = Chore;

    fn epoch(&self) -> Epoch {
        self.epoch
    }

    async fn write(&mut self, group: &[Work]) -> Result<Plan, Failure> {
        let mut connection = self.connect().await?;
        match self.transaction(&mut connection, group).await {
            Ok(mut plan) => {
                self.connection = Some(connection);
                self.remember(plan.take_subjects());
                Ok(plan)
            }
            Err(failure) => {
                give_up(connection).await;
                Err(failure)
            }
        }
    }

    fn is_of_a_request(&self, failure: &Failure) -> bool {
        error::is_of_a_request(failure)
    }

    async fn do_chore(&mut self, chore: Chore) {
        match chore {
            Chore::Prune { before, limit, answer } => {
                let pruned = self.alone(async |connection, _| prune::prune(connection, before, limit).await).await;
                drop(answer.send(pruned.map_err(Into::into)));
            }
            Chore::RollUp { partition, step, answer } => {
                let did = self.alone(async |connection, _| roll_up::step(connection, partition, step).await).await;
                drop(answer.send(did.map_err(Into::into)));
            }
            Chore::Share { member, ttl, answer } => {
                let shares = self.alone(async |connection, clock| share::share(connection, clock, member, ttl).await);
                drop(answer.send(shares.await.map_err(Into::into)));
            }
            Chore::Leave { member, answer } => {
                let left = self.alone(async |connection, _| share::leave(connection, member).await).await;
                drop(answer.send(left.map_err(Into::into)));
            }
        }
    }
}

impl SqliteStore {
    async fn connect(&mut self) -> Result<SqliteConnection, Failure> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => SqliteConnection::connect_with(&self.connect).await.map_err(Failure::before_commit("connecting")),
        }
    }

    async fn transaction(&self, connection: &mut SqliteConnection, group: &[Work]) -> Result<Plan, Failure> {
        let known = self.begin(connection, group).await?;
        let last = known.heads.values().map(|head| head.recorded).max().unwrap_or_default();
        let plan = Plan::new(known, self.clock.not_before(last), group);
        apply::apply(connection, &plan).await?;
        Ok(plan)
    }

    /// Does `work` in a transaction of its own.
    async fn alone<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection, &Clock) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut connection = self.connect().await?;
        let transaction = async {
            sqlx::query("BEGIN IMMEDIATE")
                .execute(&mut connection)
                .await
                .map_err(Failure::before_commit("beginning"))?;
            let done = work(&mut connection, &self.clock).await?;
            sqlx::query("COMMIT").execute(&mut connection).await.map_err(at_commit)?;
            Ok(done)
        };
        let done = transaction.await;
        match done {
            Ok(_) => self.connection = Some(connection),
            Err(_) => give_up(connection).await,
        }
        done
    }

    fn remember(&mut self, subjects: HashMap<Subject, i64>) {
        if self.subjects.len() + subjects.len() > REMEMBERED_SUBJECTS {
            self.subjects.clear();
        }
        self.subjects.extend(subjects);
    }
}

/// Closing rolls back.
async fn give_up(connection: SqliteConnection) {
    drop(connection.close().await);
}
