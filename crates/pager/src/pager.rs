use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::{AlertState, Language};
use durable_log::Log;
use prometheus::Registry;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::destination::{Destination, Destinations, Sender, label};
use crate::ended::{Ended, RESOLVED_FOR};
use crate::held::Held;
use crate::metrics::Metrics;
use crate::muting::Muting;
use crate::payload::Wording;
use crate::set::{Known, Set};
use crate::silences::Silences;
use crate::watchdog::Watchdog;

/// An alert ends by itself when this many intervals pass without us.
const LIFETIME_INTERVALS: u32 = 4;
/// Wait before the log is asked again after it failed.
const LOG_PAUSE: Duration = Duration::from_secs(1);

/// To whom alerts go, how often, and in which words.
#[derive(Clone)]
pub struct PagerSettings {
    /// Every Alertmanager; none makes the pager idle.
    pub urls: Vec<Url>,
    /// How often the set is handed over when nothing changes.
    pub resend: Duration,
    /// How long one Alertmanager may take to answer.
    pub timeout: Duration,
    /// The language of what people are told.
    pub language: Language,
    /// Links begin with it.
    pub public_url: Url,
    /// Runbooks are below it, each under the name of its alert; none leaves the link out.
    pub runbooks: Option<Url>,
    /// What goes with the set as long as all is well; none leaves it out.
    pub watchdog: Option<Watchdog>,
}

/// Hands the alerts of a log to every Alertmanager.
pub struct Pager {
    log: Arc<dyn Log>,
    held: Held,
    resend: Duration,
    timeout: Duration,
    metrics: Metrics,
    sets: watch::Sender<Arc<Set>>,
    senders: Vec<Sender>,
    urls: Vec<Url>,
    client: reqwest::Client,
    handle: PagerHandle,
    /// How long the end of an alert is repeated.
    pub(crate) repeated_for: Duration,
}

/// The pager, for others. Cheap to clone.
#[derive(Clone)]
pub struct PagerHandle {
    wake: Arc<Notify>,
    destinations: Destinations,
}

impl PagerHandle {
    /// Says that alerts have changed, or partitions were taken over: the set is handed over at once. Never waits; several calls may become one.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// How it stands with each Alertmanager, in the order of the settings.
    pub fn destinations(&self) -> Vec<Destination> {
        self.destinations.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Pager {
    /// A pager of the partitions that are `held`, which has not started. The process must have a TLS provider (`rustls`)
    /// by now.
    pub fn new(
        settings: PagerSettings,
        log: Arc<dyn Log>,
        held: Held,
        registry: &Registry,
    ) -> Result<Self, PagerError> {
        let PagerSettings { urls, resend, timeout, language, public_url, runbooks, watchdog } = settings;
        let metrics = Metrics::new(registry)?;
        // Alertmanagers stand nearby: no proxy and no redirect may come between.
        let client = reqwest::Client::builder()
            .timeout(timeout)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("iskra/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let wording = Arc::new(Wording { language, public_url, runbooks, lifetime: resend * LIFETIME_INTERVALS });
        let (sets, receiver) = watch::channel(Arc::new(Set::default()));
        let state = |url| Destination { alertmanager: label(url), last_success: None, error: None };
        let destinations = Destinations::new(urls.iter().map(state).collect::<Vec<_>>().into());
        let sender = |(index, url): (usize, Url)| Sender {
            index,
            metrics: metrics.of(&label(&url)),
            client: client.clone(),
            wording: wording.clone(),
            watchdog: watchdog.clone(),
            sets: receiver.clone(),
            held: held.clone(),
            destinations: destinations.clone(),
            resend,
            known: Known::default(),
            muting: Muting { url: url.clone(), client: client.clone(), settled: None },
            url,
            all_delivered_at: None,
        };
        let senders = urls.iter().cloned().enumerate().map(sender).collect();
        let handle = PagerHandle { wake: Arc::default(), destinations };
        Ok(Self {
            log,
            held,
            resend,
            timeout,
            metrics,
            sets,
            senders,
            urls,
            client,
            handle,
            repeated_for: RESOLVED_FOR,
        })
    }

    /// For those who wake it and ask how it is.
    pub fn handle(&self) -> PagerHandle {
        self.handle.clone()
    }

    /// Works until `shutdown`; then the set goes out once more, so that alerts outlive a restart.
    pub async fn run(self, shutdown: CancellationToken) {
        let Self { log, held, resend, timeout, metrics, sets, senders, urls, client, handle, repeated_for } = self;
        if senders.is_empty() {
            shutdown.cancelled().await;
            return;
        }
        let mut tasks = JoinSet::new();
        for sender in senders {
            tasks.spawn(sender.run(shutdown.clone()));
        }
        let silences = Silences::default();
        let following = silences.clone().follow(urls, client, resend);
        let mut reader = Reader { log, held, metrics, sets, silences, ended: Ended::new(repeated_for) };
        let hand_over = async {
            loop {
                let start = Instant::now();
                let is_read = reader.publish().await;
                // However many wakes there are, reading takes at most half of the time.
                tokio::time::sleep(start.elapsed()).await;
                tokio::select! {
                    () = handle.wake.notified() => {}
                    () = tokio::time::sleep(if is_read { resend } else { LOG_PAUSE.min(resend) }) => {}
                }
            }
        };
        let both = async { tokio::join!(hand_over, following) };
        shutdown.run_until_cancelled(both).await;
        let last_time = async {
            reader.publish().await;
            drop(reader);
            while tasks.join_next().await.is_some() {}
        };
        if tokio::time::timeout(timeout, last_time).await.is_err() {
            tracing::warn!("not every alertmanager took the alerts one last time");
        }
    }
}

/// Reads the set and gives it to the senders.
struct Reader {
    log: Arc<dyn Log>,
    held: Held,
    metrics: Metrics,
    sets: watch::Sender<Arc<Set>>,
    silences: Silences,
    ended: Ended,
}

impl Reader {
    /// Whether the log could be read; if not, the last set is given again.
    async fn publish(&mut self) -> bool {
        let silences = self.silences.known();
        let silences: Vec<_> = silences.iter().flat_map(|of_one| of_one.iter()).collect();
        self.metrics.silences.set(i64::try_from(silences.len()).unwrap_or(i64::MAX));
        let set = Set::read(&*self.log, &self.held, &mut self.ended, &silences).await;
        match set {
            Ok(set) => {
                let gauge = |state| i64::try_from(set.count(state)).unwrap_or(i64::MAX);
                self.metrics.firing.set(gauge(AlertState::Firing));
                self.metrics.resolved.set(gauge(AlertState::Resolved));
                self.metrics.truncated.set(i64::from(set.truncated));
                if set.truncated {
                    tracing::warn!("more alerts than can be handed over: the least urgent are left out");
                }
                self.sets.send_replace(Arc::new(set));
                true
            }
            Err(error) => {
                self.ended.forget_since();
                self.metrics.log_failures.inc();
                tracing::warn!("the alerts cannot be read, the last set is repeated: {error}");
                self.sets.send_modify(|_| {});
                false
            }
        }
    }
}

/// Why there is no pager.
#[derive(Debug, thiserror::Error)]
pub enum PagerError {
    /// Another pager uses the registry.
    #[error("the pager's metrics cannot be registered")]
    Metrics(#[from] prometheus::Error),
    /// The HTTP client cannot be made.
    #[error("the pager's HTTP client cannot be made")]
    Client(#[from] reqwest::Error),
}
