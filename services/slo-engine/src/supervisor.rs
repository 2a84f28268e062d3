//! Shares the partitions with other replicas, and runs a worker for each that is ours.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::Context as _;
use durable_log::{LogError, Member, Partition};
use pager::Held;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::standing::list;
use crate::worker::Worker;

/// Partitions are ours for so long after the log was asked. Others take over that much later when we fall silent.
const TTL: Duration = Duration::from_secs(2);
/// How often the log is asked: a lease outlives three failures.
const INTERVAL: Duration = Duration::from_millis(500);

/// What a worker ended with, and of which partition.
type Ended = (Partition, anyhow::Result<()>);

pub(crate) struct Supervisor {
    member: Member,
    worker: Worker,
    held: Held,
    /// The end of the lease, by a clock that nobody sets; none without a lease.
    until: Option<Instant>,
    ours: BTreeSet<Partition>,
    /// How to stop each worker that has not ended.
    workers: BTreeMap<Partition, CancellationToken>,
    tasks: JoinSet<Ended>,
    is_failing: bool,
}

impl Supervisor {
    /// A new member, which holds nothing. It tells the pager what is `held`.
    pub(crate) fn new(worker: Worker, held: Held) -> Self {
        Self {
            member: Member(uuid::Uuid::new_v4().as_u64_pair().1),
            worker,
            held,
            until: None,
            ours: BTreeSet::new(),
            workers: BTreeMap::new(),
            tasks: JoinSet::new(),
            is_failing: false,
        }
    }

    /// Works until `shutdown`, or until a worker fails for good. The workers have written their last then.
    pub(crate) async fn run(&mut self, shutdown: &CancellationToken) -> anyhow::Result<()> {
        let ended = shutdown.run_until_cancelled(self.supervise()).await.unwrap_or(Ok(()));
        self.workers.values().for_each(CancellationToken::cancel);
        let drained = timeout(TTL, async {
            let mut drained = Ok(());
            while let Some(ended) = self.tasks.join_next().await {
                drained = drained.and(self.take_note(ended));
            }
            drained
        });
        let drained = drained.await.unwrap_or_else(|_| {
            tracing::warn!("not every engine could write its last in time: the next owner judges that anew");
            Ok(())
        });
        ended.and(drained)
    }

    /// Gives back what is ours, so that others need not wait for the end of the lease.
    pub(crate) async fn leave(self) {
        self.held.renew(Vec::new(), Instant::now());
        match timeout(TTL, self.worker.log.leave(self.member)).await {
            Ok(Ok(()) | Err(LogError::Closed)) => {}
            Ok(Err(error)) => tracing::warn!("others take over later: {:#}", anyhow::Error::new(error)),
            Err(_) => tracing::warn!("others take over later: the log does not answer"),
        }
    }

    async fn supervise(&mut self) -> anyhow::Result<()> {
        loop {
            let asked = Instant::now();
            self.share(asked).await?;
            self.watch(asked + INTERVAL).await?;
        }
    }

    /// Asks the log which partitions are ours.
    async fn share(&mut self, asked: Instant) -> anyhow::Result<()> {
        self.check_lease();
        let give_up = self.until.unwrap_or(asked + TTL);
        let answer = timeout_at(give_up, self.worker.log.share(self.member, TTL)).await;
        // Who was stopped while it waited has an answer that is not true any more.
        let is_late = asked.elapsed() >= TTL;
        match answer {
            Ok(Ok(ours)) if !is_late => self.hold(ours, asked + TTL),
            Ok(Err(LogError::Closed)) => return Err(LogError::Closed.into()),
            Ok(Err(error)) => self.go_without(&anyhow::Error::new(error)),
            Ok(Ok(_)) | Err(_) => self.go_without(&anyhow::anyhow!("no answer in time")),
        }
        Ok(())
    }

    fn hold(&mut self, ours: Vec<Partition>, until: Instant) {
        if std::mem::replace(&mut self.is_failing, false) {
            tracing::info!("the partitions are shared out again");
        }
        self.held.renew(ours.clone(), until);
        self.until = Some(until);
        let ours: BTreeSet<_> = ours.into_iter().collect();
        self.worker.standing.hold(ours.clone());
        if ours != self.ours {
            tracing::info!("judges partitions: {}", if ours.is_empty() { "none".to_owned() } else { list(&ours) });
            self.set_ours(ours);
        }
        for partition in self.ours.iter().copied() {
            // A worker that is still ending is waited for; one that was fenced begins anew by a later answer.
            if let Entry::Vacant(place) = self.workers.entry(partition) {
                let stop = place.insert(CancellationToken::new()).clone();
                let worker = self.worker.clone();
                self.tasks.spawn(async move { (partition, worker.run(partition, stop).await) });
            }
        }
    }

    /// The lease goes on to its end; what is ours after it, nobody knows.
    fn go_without(&mut self, error: &anyhow::Error) {
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::warn!("the log does not say which partitions to judge: {error:#}");
        }
        self.held.keep_while_the_log_fails();
        self.check_lease();
    }

    /// Stops the workers at the end of the lease: others may have taken over.
    fn check_lease(&mut self) {
        if self.until.is_some_and(|until| until <= Instant::now()) {
            tracing::warn!("the lease of partitions {} is over", list(&self.ours));
            self.until = None;
            self.worker.standing.lose();
            self.set_ours(BTreeSet::new());
        }
    }

    fn set_ours(&mut self, ours: BTreeSet<Partition>) {
        self.ours = ours;
        self.worker.metrics.partitions.set(i64::try_from(self.ours.len()).unwrap_or(i64::MAX));
        let lost = self.workers.iter().filter(|(partition, _)| !self.ours.contains(partition));
        lost.for_each(|(_, stop)| stop.cancel());
    }

    /// Takes note of workers that end, until it is time to ask again.
    async fn watch(&mut self, next: Instant) -> anyhow::Result<()> {
        let next = self.until.map_or(next, |until| until.min(next));
        loop {
            tokio::select! {
                Some(ended) = self.tasks.join_next() => self.take_note(ended)?,
                () = sleep_until(next) => return Ok(()),
            }
        }
    }

    /// That another has taken a partition is no failure; everything else with which a worker ends is one.
    fn take_note(&mut self, ended: Result<Ended, JoinError>) -> anyhow::Result<()> {
        let (partition, ended) = ended.context("the engine of a partition panicked")?;
        self.workers.remove(&partition);
        self.worker.present.forget(partition, self.worker.log.partitions());
        match ended {
            Ok(()) => Ok(()),
            Err(error) if matches!(error.downcast_ref(), Some(LogError::Fenced { .. })) => {
                self.worker.metrics.fenced.inc();
                tracing::warn!("another engine has taken over: {error:#}");
                Ok(())
            }
            Err(error) => Err(error.context(format!("the engine of partition {partition}"))),
        }
    }
}
