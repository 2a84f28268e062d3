use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Alert, Silence, Subject, Timestamp};
use durable_log::{Bus, BusState, Cursor, Follower, Log, LogError, Snapshot, SubjectNow};
use prometheus::Registry;
use tokio::sync::{Notify, broadcast};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::backlog::Backlog;
use crate::bites::Bites;
use crate::metrics::Metrics;
use crate::pictures::Pictures;
use crate::place::Beat;
use crate::rooms::Rooms;
use crate::step::Step;
use crate::view::{Applied, View};
use crate::wire::{Close, ServerFrame};
use crate::{Viewer, follow};

/// Most subjects in the live view: about 10 MB. The log holds all of them.
const SUBJECTS: usize = 10_000;
/// Most subjects, levels, alerts and events that are merged for all slow viewers together: about 50 MB.
const MERGED: usize = 100_000;
/// Alert changes that one who waits for an alert may be late; then it looks at the present again.
const ALERT_CHANGES: usize = 256;

/// Follows the log and shows it to viewers. One for each dashboard service.
pub struct Hub {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) metrics: Metrics,
    /// What viewers that resume read from the log.
    pub(crate) bites: Bites,
    /// What newcomers begin with.
    pub(crate) pictures: Pictures,
    /// What is merged for those who are slow.
    pub(crate) backlog: Arc<Backlog>,
    state: Mutex<State>,
    alerts: broadcast::Sender<Arc<Alert>>,
    /// Wakes those who wait for a silence: they look at the present again.
    silences: Notify,
    is_live: AtomicBool,
    viewer_ids: AtomicU64,
}

/// How far replicas are apart at most, when nothing is wrong.
const CATCHING_UP: Duration = Duration::from_secs(2);
/// So soon it is looked again whether this one has caught up.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Why a hub could not start.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The log did not answer.
    #[error("reading the present from the log")]
    Log(#[from] LogError),
    /// A metric of this name was there already.
    #[error("registering the hub's metrics")]
    Metrics(#[from] prometheus::Error),
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) view: View,
    pub(crate) rooms: Rooms,
    bus: BusState,
}

impl Hub {
    /// Reads the present and follows the log from there, until `shutdown`.
    pub async fn start(
        log: Arc<dyn Log>,
        bus: Arc<dyn Bus>,
        registry: &Registry,
        shutdown: CancellationToken,
    ) -> Result<Arc<Self>, HubError> {
        let snapshot = log.snapshot().await?;
        let cursor = snapshot.cursor.clone();
        let hub = Arc::new(Self::new(Arc::clone(&log), snapshot, Metrics::new(registry, SUBJECTS)?));
        let follower = Follower::new(log, &*bus, cursor);
        tokio::spawn(follow::run(Arc::clone(&hub), follower, shutdown));
        Ok(hub)
    }

    pub(crate) fn new(log: Arc<dyn Log>, snapshot: Snapshot, metrics: Metrics) -> Self {
        let rooms = Rooms::new(snapshot.cursor.clone());
        let state = State { view: View::new(snapshot, SUBJECTS), rooms, bus: BusState::Polling };
        metrics.subjects.set(signed(state.view.count()));
        Self {
            log,
            metrics,
            bites: Bites::default(),
            pictures: Pictures::default(),
            backlog: Backlog::new(MERGED),
            state: Mutex::new(state),
            alerts: broadcast::channel(ALERT_CHANGES).0,
            silences: Notify::new(),
            is_live: AtomicBool::new(true),
            viewer_ids: AtomicU64::new(0),
        }
    }

    /// A new viewer, who wants nothing yet but signs of life.
    pub fn viewer(self: &Arc<Self>) -> Viewer {
        let id = self.viewer_ids.fetch_add(1, Ordering::Relaxed);
        self.metrics.viewers.inc();
        Viewer::enter(Arc::clone(self), id)
    }

    /// Every subject, by name.
    pub fn subjects(&self) -> Vec<Arc<SubjectNow>> {
        self.state().view.subjects()
    }

    /// What is known of one subject.
    pub fn subject(&self, subject: &Subject) -> Option<Arc<SubjectNow>> {
        self.state().view.subject(subject)
    }

    /// The alert with this id, while it fires; the log knows the others.
    pub fn alert(&self, id: &str) -> Option<Arc<Alert>> {
        self.state().view.alert(id)
    }

    /// The alerts of a subject that fire.
    pub fn alerts_of(&self, subject: &Subject) -> Vec<Arc<Alert>> {
        self.state().view.alerts_of(subject)
    }

    /// The position after everything that was shown.
    pub fn cursor(&self) -> Cursor {
        (**self.state().rooms.cursor()).clone()
    }

    /// Whether it follows the log: false while the log begins anew, and after the end.
    pub fn is_live(&self) -> bool {
        self.is_live.load(Ordering::Relaxed)
    }

    /// Waits until this view has come as far as `resume`, at most a moment: whoever comes from another replica may have been
    /// told what has not arrived here yet. What is of another log is not waited for.
    pub async fn reach(&self, resume: &str) {
        let Ok(theirs) = resume.parse::<Cursor>() else { return };
        let is_ahead = || {
            let state = self.state();
            let ours = state.rooms.cursor();
            theirs.epoch == ours.epoch && ours.partitions().any(|one| theirs.seq(one) > ours.seq(one))
        };
        let begun = Instant::now();
        while is_ahead() && begun.elapsed() < CATCHING_UP {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until the alert with this id is as `is_wanted`, at most `patience`. An alert that is over passes by once:
    /// start to wait before it can end.
    pub async fn wait_for_alert(
        &self,
        id: &str,
        is_wanted: impl Fn(&Alert) -> bool,
        patience: Duration,
    ) -> Option<Arc<Alert>> {
        let mut changes = self.alerts.subscribe();
        let wait = async {
            loop {
                if let Some(alert) = self.alert(id).filter(|alert| is_wanted(alert)) {
                    return Some(alert);
                }
                loop {
                    match changes.recv().await {
                        Ok(alert) if alert.id == id && is_wanted(&alert) => return Some(alert),
                        Ok(_) => {}
                        Err(broadcast::error::RecvError::Lagged(_)) => break,
                        Err(broadcast::error::RecvError::Closed) => return None,
                    }
                }
            }
        };
        tokio::time::timeout(patience, wait).await.ok().flatten()
    }

    /// Waits until the silences of a subject that are in force are as `is_wanted`, at most `patience`. Answers whether they
    /// are.
    pub async fn wait_for_silences(
        &self,
        subject: &Subject,
        is_wanted: impl Fn(&[Silence]) -> bool,
        patience: Duration,
    ) -> bool {
        let wait = async {
            loop {
                // Before it looks, so that no change can slip by between.
                let mut changed = pin!(self.silences.notified());
                changed.as_mut().enable();
                if self.subject(subject).is_some_and(|now| is_wanted(&now.presence.silences)) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(patience, wait).await.is_ok()
    }

    /// Counts a connection that the server closed.
    pub fn count_close(&self, close: Close) {
        self.metrics.closed(close);
    }

    /// The server's clock: the log's, by which viewers tell how old things are. That of a replay is another than the world's.
    pub(crate) fn now(&self) -> Timestamp {
        self.log.now()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was followed and tells the viewers who want it; answers how many these are.
    pub(crate) fn tell(&self, step: Step) -> usize {
        let step = Arc::new(step);
        let mut state = self.state();
        for entry in step.entries() {
            match state.view.apply(entry) {
                Applied::Quietly => {}
                // Fails when nobody waits.
                Applied::Alert(alert) => drop(self.alerts.send(alert)),
                Applied::Silences => self.silences.notify_waiters(),
                Applied::Ignored => self.metrics.ignored.inc(),
            }
        }
        let (told, lagging) = state.rooms.tell(&step, self.now());
        let subjects = state.view.count();
        drop(state);
        self.metrics.subjects.set(signed(subjects));
        self.metrics.merges.inc_by(lagging);
        self.metrics.queued(&step, self.now());
        told
    }

    /// Sends everybody a sign of life.
    pub(crate) fn beat(&self, bus: BusState) {
        self.bites.forget();
        self.pictures.forget();
        let mut state = self.state();
        state.bus = bus;
        let cursor = Arc::clone(state.rooms.cursor());
        let text = ServerFrame::Heartbeat { cursor: &cursor, server_time: self.now(), bus }.to_bytes();
        let lagging = state.rooms.beat(&Arc::new(Beat { text, cursor }));
        drop(state);
        self.metrics.merges.inc_by(lagging);
    }

    /// Sends everybody away: what they were told is void, or nothing more will come.
    pub(crate) fn stop_showing(&self, close: Close) {
        self.is_live.store(false, Ordering::Relaxed);
        self.state().rooms.close(close);
    }

    /// Begins anew from `snapshot`.
    pub(crate) fn begin_anew(&self, snapshot: Snapshot) {
        let mut state = self.state();
        // Those who came meanwhile were shown the old log.
        state.rooms.close(Close::LogBeginsAnew);
        state.rooms = Rooms::new(snapshot.cursor.clone());
        state.view = View::new(snapshot, SUBJECTS);
        self.metrics.subjects.set(signed(state.view.count()));
        drop(state);
        self.is_live.store(true, Ordering::Relaxed);
    }
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
