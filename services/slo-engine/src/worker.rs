//! The owner of one partition: claims it, restores its engine, follows the log, and begins again when it must.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use durable_log::{Bus, Cursor, Followed, Follower, Log, LogError, Partition};
use engine::Engine;
use pager::PagerHandle;
use rules::LiveRules;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::present::Present;
use crate::session::Session;

/// Most entries that are judged before what they led to is written.
const ENTRIES_PER_COMMIT: usize = 5_000;
/// Pause before a new attempt, when the log fails.
const PAUSE: Duration = Duration::from_millis(250);

pub(crate) struct Worker {
    pub(crate) partition: Partition,
    pub(crate) log: Arc<dyn Log>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) rules: Arc<LiveRules>,
    pub(crate) pager: PagerHandle,
    pub(crate) metrics: Metrics,
    pub(crate) present: Present,
    /// Whether the partition is being judged now: for readiness.
    pub(crate) is_judging: Arc<AtomicBool>,
}

impl Worker {
    /// Works until `shutdown`, or until another engine takes the partition.
    pub(crate) async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        loop {
            let ended = self.work(&shutdown).await;
            self.is_judging.store(false, Ordering::Relaxed);
            match ended {
                Ok(()) => return Ok(()),
                Err(error) => match error.downcast_ref::<LogError>() {
                    Some(LogError::Behind { .. }) => tracing::debug!("partition {}: {error:#}", self.partition),
                    Some(LogError::Fenced { .. } | LogError::Closed) => return Err(error),
                    _ => {
                        tracing::warn!("partition {}: {error:#}; the engine is restored shortly", self.partition);
                        tokio::select! {
                            () = shutdown.cancelled() => return Ok(()),
                            () = tokio::time::sleep(PAUSE) => {}
                        }
                    }
                },
            }
            self.metrics.restores.inc();
        }
    }

    /// Restores the engine and feeds it, until something makes that void.
    async fn work(&self, shutdown: &CancellationToken) -> anyhow::Result<()> {
        let (mut session, mut follower) = self.restore().await?;
        self.is_judging.store(true, Ordering::Relaxed);
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(session.commit(false).await?),
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
            if session.is_due() {
                session.commit(false).await?;
            }
            if session.take_told() {
                self.pager.wake();
            }
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

    async fn restore(&self) -> anyhow::Result<(Session, Follower)> {
        let fence = self.log.claim(self.partition).await?;
        let saved = self.log.engine_state(self.partition).await?;
        let heads = self.log.heads().await?;
        let mut cursor = Cursor::start(heads.epoch, self.log.partitions());
        cursor.advance(self.partition, saved.through);
        let follower = Follower::of_partitions(self.log.clone(), &*self.bus, cursor, vec![self.partition]);
        let rules = self.rules.current();
        let engine = Engine::restore(self.partition.0, rules.clone(), saved.now, saved.subjects)
            .with_context(|| format!("restoring the engine of partition {}", self.partition))?;
        let session =
            Session::new(self.log.clone(), self.metrics.clone(), self.present.clone(), fence, engine, saved.through);
        Ok((session, follower))
    }
}
