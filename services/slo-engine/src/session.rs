//! One partition between a claim and the moment when its engine must be restored.

mod tell;

use std::sync::Arc;
use std::time::Duration;

use domain::{Action, Event, Subject};
use durable_log::{Batch, Body, EngineCommit, Fence, Log, LogError};
use engine::{Engine, Input, Unjudged};
use rules::Rules;
use tokio::time::Instant;

use crate::metrics::Metrics;
use crate::present::Present;

/// Subjects of which nothing was told are saved this often: a restart reads again what came since.
const CHECKPOINT: Duration = Duration::from_secs(1);
/// A tick waits this long for entries that were committed before its moment: they would make it void.
const GRACE: Duration = Duration::from_millis(20);

/// The engine, and what it has concluded but not yet written.
pub(crate) struct Session {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) metrics: Metrics,
    pub(crate) present: Present,
    fence: Fence,
    engine: Engine,
    through: u64,
    /// Until here an engine before has written all that follows.
    written: u64,
    events: Vec<Event>,
    unjudged: Unjudged,
    /// When all was last saved, or was to be if there was anything; none when the next commit must save all.
    saved: Option<Instant>,
    has_told: bool,
    /// Before then, time alone does nothing: entries are on their way.
    tick_again: Option<Instant>,
    /// When budgets were last shown.
    accounted: Option<Instant>,
    actions: Vec<(Subject, Action)>,
}

impl Session {
    pub(crate) fn new(
        log: Arc<dyn Log>,
        metrics: Metrics,
        present: Present,
        fence: Fence,
        engine: Engine,
        (through, written): (u64, u64),
    ) -> Self {
        metrics.subjects.add(count(engine.subjects()));
        present.update(engine.all());
        present.hear(&engine.presences());
        Self {
            log,
            metrics,
            present,
            fence,
            engine,
            through,
            written,
            events: Vec::new(),
            unjudged: Unjudged::default(),
            saved: Some(Instant::now()),
            has_told: false,
            tick_again: None,
            accounted: None,
            actions: Vec::new(),
        }
    }

    /// The last entry that was judged.
    pub(crate) const fn through(&self) -> u64 {
        self.through
    }

    /// Feeds the entries to the engine.
    pub(crate) fn fold(&mut self, batch: &Batch) {
        let subjects = self.engine.subjects();
        let now = self.log.now();
        for entry in batch.entries.iter().filter(|entry| entry.seq > self.through) {
            match &entry.body {
                Body::Sample(sample) => {
                    self.engine.step(entry.recorded, Input::Sample(entry.seq, sample), &mut self.events);
                    if entry.seq > self.written {
                        self.metrics.samples.inc();
                        self.metrics.delay.observe(now.since(entry.recorded).as_secs_f64());
                    }
                }
                Body::Command(subject, command) => {
                    self.engine.step(entry.recorded, Input::Command(entry.seq, subject, command), &mut self.events);
                }
                Body::Event(_) => continue,
            }
        }
        self.through = self.through.max(batch.last());
        self.metrics.subjects.add(count(self.engine.subjects()) - count(subjects));
        self.count_unjudged();
    }

    /// When to look again if no entry comes.
    pub(crate) fn wake_at(&self) -> Instant {
        let now = self.log.now();
        let due = self.engine.next_due().map(|due| Instant::now() + due.since(now) + GRACE);
        let due = due.map(|due| self.tick_again.map_or(due, |again| due.max(again)));
        let checkpoint = self.saved.map_or_else(Instant::now, |saved| saved + CHECKPOINT);
        due.map_or(checkpoint, |due| due.min(checkpoint))
    }

    /// Lets time alone work.
    pub(crate) async fn tick(&mut self) -> Result<(), LogError> {
        // Entries that are there already bring the time with them. A tick before them would be void.
        if self.log.heads().await?.seq(self.fence.partition) > self.through {
            self.tick_again = Some(Instant::now() + GRACE);
            return Ok(());
        }
        self.tick_again = None;
        let before = self.engine.now();
        self.engine.step(self.log.now(), Input::Tick, &mut self.events);
        // Where the clock has moved, something was done, though it may have told nothing: no entry may come before it.
        match self.events.is_empty() && self.engine.now() == before {
            true => Ok(()),
            false => self.commit(true).await,
        }
    }

    /// Goes on under other rules, if they are others.
    pub(crate) fn adopt(&mut self, rules: Arc<Rules>) {
        if !Arc::ptr_eq(&rules, self.engine.rules()) {
            let partition = self.fence.partition.0;
            tracing::info!(partition, rules.hash, "the engine goes on with rules `{}`", rules.hash);
            self.metrics.know(&rules);
            self.engine.adopt(rules);
            // Who reads again what came before would judge that by the new ones.
            self.saved = None;
        }
    }

    /// Whether alerts were written since this was last asked.
    pub(crate) const fn take_told(&mut self) -> bool {
        std::mem::replace(&mut self.has_told, false)
    }

    /// Actions that were written since this was last asked, of which somebody is to be told.
    pub(crate) fn take_actions(&mut self) -> Vec<(Subject, Action)> {
        std::mem::take(&mut self.actions)
    }

    /// All actions of which somebody is still to be told.
    pub(crate) fn pending_actions(&self) -> Vec<(Subject, Action)> {
        self.engine.pending_actions().map(|(subject, action)| (subject.clone(), action.clone())).collect()
    }

    /// Writes what is to be written by now: events at once, all else now and then, also while entries never cease to come.
    pub(crate) async fn commit_what_is_due(&mut self) -> Result<(), LogError> {
        if self.through < self.written {
            return Ok(());
        }
        if !self.events.is_empty() {
            return self.commit(false).await;
        }
        if !self.is_checkpoint() {
            return Ok(());
        }
        if self.engine.has_changed() {
            return self.commit(false).await;
        }
        self.saved = Some(Instant::now());
        Ok(())
    }

    /// Whether all is to be saved by now.
    fn is_checkpoint(&self) -> bool {
        self.saved.is_none_or(|saved| saved.elapsed() >= CHECKPOINT)
    }

    /// Writes all there is, before somebody else goes on.
    pub(crate) async fn close(mut self) -> Result<(), LogError> {
        // On the way to where the engine before was there is nothing to write.
        if self.through < self.written {
            return Ok(());
        }
        self.saved = None;
        self.commit(false).await
    }

    /// Writes events, state and position. After an error the engine must be restored: it is ahead of the log.
    async fn commit(&mut self, is_tick: bool) -> Result<(), LogError> {
        let timer = self.metrics.commit.start_timer();
        let saves_all = self.is_checkpoint();
        let subjects = if saves_all { self.engine.take_changed() } else { self.engine.take_told(&self.events) };
        let presences = self.engine.take_presences();
        let changed: Vec<Subject> = subjects.iter().map(|(subject, _)| subject.clone()).collect();
        let commit = EngineCommit {
            fence: self.fence,
            through: self.through,
            now: self.engine.now(),
            is_tick,
            events: self.events.clone(),
            subjects,
            saves_all,
            presences: presences.clone(),
        };
        self.through = self.log.commit(commit).await?.max(self.through);
        timer.observe_duration();
        if saves_all {
            self.saved = Some(Instant::now());
        }
        // What is not written will be judged again, and must not be counted twice.
        self.present.update(changed.iter().filter_map(|subject| self.engine.present(subject)));
        self.present.hear(&presences);
        self.account();
        self.count_done();
        self.tell();
        self.events.clear();
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.metrics.subjects.sub(count(self.engine.subjects()));
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
