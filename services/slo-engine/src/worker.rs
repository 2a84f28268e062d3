//! The owner of a partition: claims it, restores its engine, follows the log, and begins again when it must.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use courier::{Bag, Courier};
use durable_log::{Bus, Cursor, Followed, Follower, Log, LogError, Partition};
use engine::Engine;
use pager::PagerHandle;
use rules::LiveRules;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::present::Present;
use crate::session::Session;
use crate::standing::Standing;

/// Most entries that are judged before what they led to is written.
const ENTRIES_PER_COMMIT: usize = 5_000;
/// Pause before a new attempt, when the log fails.
const PAUSE: Duration = Duration::from_millis(250);

/// What it takes to own a partition. Cheap to clone: there is one for each.
#[derive(Clone)]
pub(crate) struct Worker {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) rules: Arc<LiveRules>,
    pub(crate) pager: PagerHandle,
    pub(crate) courier: Courier,
    pub(crate) metrics: Metrics,
    pub(crate) present: Present,
    pub(crate) standing: Standing,
}

impl Worker {
    /// Works until it is told to `stop`, or until another engine takes the partition.
    pub(crate) async fn run(self, partition: Partition, stop: CancellationToken) -> anyhow::Result<()> {
        // Actions that are on their way go on while the engine is restored, and stop when the partition is not ours.
        let mut bag = self.courier.bag();
        loop {
            let ended = self.work(partition, &mut bag, &stop).await;
            self.standing.leave(partition);
            let Err(error) = ended else { return Ok(()) };
            match error.downcast_ref::<LogError>() {
                // Also when it is to stop anyway: what it wanted to write was refused, and that is counted.
                Some(LogError::Fenced { .. }) => return Err(error),
                _ if stop.is_cancelled() => {
                    tracing::warn!("partition {partition}: {error:#}; the next owner judges anew what came last");
                    return Ok(());
                }
                Some(LogError::Behind { .. }) => tracing::debug!("partition {partition}: {error:#}"),
                Some(LogError::Closed) => return Err(error),
                _ => {
                    tracing::warn!("partition {partition}: {error:#}; the engine is restored shortly");
                    stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
                }
            }
            self.metrics.restores.inc();
        }
    }

    /// Restores the engine and feeds it, until something makes that void.
    async fn work(&self, partition: Partition, bag: &mut Bag, stop: &CancellationToken) -> anyhow::Result<()> {
        let Some(restored) = stop.run_until_cancelled(self.restore(partition)).await else { return Ok(()) };
        let (mut session, mut follower) = restored?;
        self.standing.judge(partition, session.through());
        // Nobody else writes from now on: what the owner before has left is handed over.
        self.pager.wake();
        bag.put_all(session.pending_actions());
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(session.close().await?),
                followed = follower.next() => {
                    let Followed::Batch(batch) = followed? else { anyhow::bail!("the log began anew") };
                    // Before it judges: a sample that was sent after a reload meets the new rules.
                    session.adopt(self.rules.current());
                    session.fold(&batch);
                    self.fold_what_is_ready(&mut session, &mut follower, batch.entries.len());
                }
                () = tokio::time::sleep_until(session.wake_at()) => {
                    session.adopt(self.rules.current());
                    session.tick().await?;
                }
            }
            session.commit_what_is_due().await?;
            if session.take_told() {
                self.pager.wake();
            }
            // Here all is written that the engine has concluded.
            bag.put(session.take_actions());
            if bag.is_due() {
                bag.put_all(session.pending_actions());
            }
            self.standing.judge(partition, session.through());
        }
    }

    fn fold_what_is_ready(&self, session: &mut Session, follower: &mut Follower, mut entries: usize) {
        while entries < ENTRIES_PER_COMMIT
            && let Some(Followed::Batch(batch)) = follower.ready()
        {
            session.fold(&batch);
            entries += batch.entries.len();
        }
    }

    async fn restore(&self, partition: Partition) -> anyhow::Result<(Session, Follower)> {
        let fence = self.log.claim(partition).await?;
        let saved = self.log.engine_state(partition).await?;
        let heads = self.log.heads().await?;
        let mut cursor = Cursor::start(heads.epoch, self.log.partitions());
        cursor.advance(partition, saved.saved_through);
        let follower = Follower::of_partitions(self.log.clone(), &*self.bus, cursor, vec![partition]);
        let rules = self.rules.current();
        let engine = Engine::restore(partition.0, rules.clone(), saved.saved_now, saved.subjects)
            .with_context(|| format!("restoring the engine of partition {partition}"))?;
        let read = (saved.saved_through, saved.through);
        let session = Session::new(self.log.clone(), self.metrics.clone(), self.present.clone(), fence, engine, read);
        Ok((session, follower))
    }
}
