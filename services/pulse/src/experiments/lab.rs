//! Where experiments run: a few at once, and what is known of the latest of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Experiment, Language};
use durable_log::{Bus, Follower, Log, LogError, partition_of};
use experiments::{Progress, Report, Run, Script};
use hub::Hub;
use rules::LiveRules;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::log_end::LogEnd;
use super::runner::{PATIENCE, Runner};

/// So many run at once: each is a sample a second and a little more.
pub(super) const MOST: usize = 4;
/// Of so many that are over the report is kept, until the service ends. Their artifacts are in the log.
const REMEMBERED: usize = 16;

/// Runs experiments. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Lab {
    pub(super) log: Arc<dyn Log>,
    pub(super) hub: Arc<Hub>,
    pub(super) rules: Arc<LiveRules>,
    bus: Arc<dyn Bus>,
    places: Arc<Semaphore>,
    runs: Arc<Mutex<VecDeque<Known>>>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

/// A run, for as long as it is remembered.
struct Known {
    id: String,
    view: watch::Receiver<View>,
}

/// What is known of a run.
#[derive(Clone, Default)]
pub(super) struct View {
    /// As the engine last told of it; none while it has not answered.
    pub(super) experiment: Option<Experiment>,
    pub(super) sight: Sight,
}

/// What only the one who runs it knows.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Sight {
    pub(super) progress: Option<Progress>,
    /// When it is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) report: Option<Arc<Value>>,
}

impl Lab {
    pub(crate) fn new(
        (log, bus): (Arc<dyn Log>, Arc<dyn Bus>),
        hub: Arc<Hub>,
        rules: Arc<LiveRules>,
        shutdown: CancellationToken,
    ) -> Self {
        let places = Arc::new(Semaphore::new(MOST));
        Self { log, hub, rules, bus, places, runs: Arc::default(), tasks: TaskTracker::new(), shutdown }
    }

    /// A place for one more, if there is one.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok().filter(|_| !self.shutdown.is_cancelled())
    }

    /// Asks the engine to let it begin, and runs it: what becomes of it is told.
    pub(super) async fn begin(
        &self,
        script: Script,
        by: String,
        place: OwnedSemaphorePermit,
    ) -> Result<watch::Receiver<View>, LogError> {
        let subject = script.subject.clone();
        let partition = partition_of(&subject, self.log.partitions());
        // What happens from here on is heard, some of it twice: what is found already tells of it.
        let follower = Follower::of_partitions(Arc::clone(&self.log), &*self.bus, self.hub.cursor(), vec![partition]);
        let mut run = Run::new(Arc::new(script), by, PATIENCE);
        if let Some(now) = self.hub.subject(&subject) {
            let vitals = now.latest.as_ref().map(|sample| sample.vitals).unwrap_or_default();
            let alerts = self.hub.alerts_of(&subject).iter().map(|alert| (**alert).clone()).collect();
            run.found(vitals, now.verdict.clone().unwrap_or_default(), &now.presence, alerts);
        }
        let seq = self.log.append_command(subject.clone(), run.wish()).await?;
        let id = Experiment::id_of(partition.0, seq);
        run.announced(id.clone(), self.log.now());

        let (told, view) = watch::channel(View::default());
        self.remember(Known { id, view: view.clone() });
        let end = LogEnd::new(Arc::clone(&self.log), follower, subject);
        let runner = Runner { run, end, told, shutdown: self.shutdown.clone() };
        self.tasks.spawn(async move {
            runner.run().await;
            drop(place);
        });
        Ok(view)
    }

    /// What the one who runs it knows, if that is this service.
    pub(super) fn sight(&self, id: &str) -> Option<Sight> {
        let runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.iter().find(|known| known.id == id).map(|known| known.view.borrow().sight.clone())
    }

    /// Waits until the experiments that run have been ended: they are told by the shutdown.
    pub(crate) async fn close(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn remember(&self, known: Known) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() == REMEMBERED + MOST {
            runs.pop_front();
        }
        runs.push_back(known);
    }
}

/// The report, and the log of the experiment in both languages.
pub(super) fn in_full(report: &Report) -> Value {
    let markdown = json!({ "en": report.markdown(Language::En), "ru": report.markdown(Language::Ru) });
    let mut value = serde_json::to_value(report).unwrap_or_default();
    value["markdown"] = markdown;
    value
}
