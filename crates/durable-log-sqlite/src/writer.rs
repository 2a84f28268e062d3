mod apply;
mod load;
mod prune;

use std::collections::HashMap;
use std::sync::Arc;

use domain::Subject;
use durable_log::{Batch, Bus, Clock, Epoch, Partition};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;
use tracing::error;

use crate::error::Failure;
use crate::plan::Plan;
use crate::queue::{Request, Work};

/// A transaction takes what is queued until it has this many rows: some tens of milliseconds of work.
const GROUP_ROWS: usize = 5_000;
/// Most subjects whose ids are remembered; beyond it they are forgotten and looked up again.
const REMEMBERED_SUBJECTS: usize = 100_000;

/// The one task that writes. While a commit runs, requests queue up; the next transaction takes all of them. So single
/// requests do not wait when there is nothing to do, and many share the price of a commit.
pub(crate) struct Writer {
    pub(crate) connect: SqliteConnectOptions,
    /// None after a failure: a new connection knows nothing of a broken transaction.
    pub(crate) connection: Option<SqliteConnection>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Clock,
    pub(crate) epoch: Epoch,
    /// Ids of committed subjects. They never change, so that several processes may remember them.
    pub(crate) subjects: HashMap<Subject, i64>,
}

impl Writer {
    /// Works until it is told to close, or nobody is left to ask for anything, and then until the queue is empty.
    pub(crate) async fn run(mut self, mut requests: Receiver<Request>, closing: CancellationToken) -> Self {
        loop {
            let request = tokio::select! {
                biased;
                () = closing.cancelled(), if !requests.is_closed() => {
                    requests.close();
                    continue;
                }
                request = requests.recv() => request,
            };
            let Some(request) = request else { return self };
            let mut rows = request.work.rows();
            let mut group = vec![request];
            while rows < GROUP_ROWS
                && let Ok(request) = requests.try_recv()
            {
                rows += request.work.rows();
                group.push(request);
            }
            self.write(group).await;
        }
    }

    /// One transaction for a group of requests.
    async fn write(&mut self, group: Vec<Request>) {
        // The room in the queue is given back when the answers are given.
        let (group, _room): (Vec<Work>, Vec<_>) = group.into_iter().map(|request| (request.work, request.room)).unzip();
        let mut connection = match self.begin().await {
            Ok(connection) => connection,
            Err(failure) => return refuse(group, &failure),
        };
        let known = match self.load(&mut connection, &group).await {
            Ok(known) => known,
            Err(failure) => {
                give_up(connection).await;
                return refuse(group, &failure);
            }
        };
        let mut plan = Plan::new(known, self.clock.now(), group);
        let committed = plan.apply(&mut connection).await;
        match &committed {
            Ok(()) => {
                self.connection = Some(connection);
                self.publish(&mut plan);
            }
            Err(failure) => {
                report(failure);
                give_up(connection).await;
            }
        }
        let subjects = plan.answer(&committed);
        if committed.is_ok() {
            self.remember(subjects);
        }
    }

    async fn begin(&mut self) -> Result<SqliteConnection, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                SqliteConnection::connect_with(&self.connect).await.map_err(Failure::before_commit("connecting"))?
            }
        };
        // Not by sqlx's own transaction: after a failed rollback that would never begin another one.
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.map_err(Failure::before_commit("beginning"))?;
        Ok(connection)
    }

    fn publish(&self, plan: &mut Plan) {
        let partitions = (0..).map(Partition);
        for (partition, entries) in partitions.zip(plan.entries.drain(..)) {
            if !entries.is_empty() {
                self.bus.publish(self.epoch, Arc::new(Batch { partition, entries }));
            }
        }
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

fn refuse(group: Vec<Work>, failure: &Failure) {
    report(failure);
    for work in group {
        work.refuse(failure.clone().into());
    }
}

fn report(failure: &Failure) {
    error!(error = %failure, "the log could not write: {failure}");
}
