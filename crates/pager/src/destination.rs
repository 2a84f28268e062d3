use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::Timestamp;
use durable_log::Clock;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::held::Held;
use crate::metrics::{DestinationMetrics, Outcome};
use crate::muting::Muting;
use crate::payload::{Payload, Wording, below, payload};
use crate::set::{Known, Set, Step};
use crate::watchdog::Watchdog;

/// The longest wait before the first new attempt; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// The longest wait between two attempts: an Alertmanager that is back is told within moments.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Most alerts in one request: each costs Alertmanager 0.1 ms, and what is more urgent waits for one request at most.
const BATCH: usize = 1_000;

/// How it stands with one Alertmanager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its host and port, as in the metrics.
    pub alertmanager: String,
    /// When it last took a set.
    pub last_success: Option<Timestamp>,
    /// What went wrong since then; none while all is well.
    pub error: Option<String>,
}

/// The states of all Alertmanagers, in the order of the settings.
pub(crate) type Destinations = Arc<Mutex<Vec<Destination>>>;

/// Hands every new set to one Alertmanager: on a change what changed, every interval and after a failure all of it.
pub(crate) struct Sender {
    pub(crate) index: usize,
    pub(crate) url: Url,
    pub(crate) client: reqwest::Client,
    pub(crate) wording: Arc<Wording>,
    pub(crate) watchdog: Option<Watchdog>,
    pub(crate) sets: watch::Receiver<Arc<Set>>,
    pub(crate) held: Held,
    pub(crate) metrics: DestinationMetrics,
    pub(crate) destinations: Destinations,
    pub(crate) resend: Duration,
    pub(crate) known: Known,
    pub(crate) muting: Muting,
    /// When it last took all of it; none when that is due.
    pub(crate) all_delivered_at: Option<Instant>,
}

/// Host, port and path: what tells Alertmanagers apart, without user name and password.
pub(crate) fn label(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{host}{port}{}", url.path().trim_end_matches('/'))
}

impl Sender {
    /// Works until there are no more sets; once `stopping`, each set is tried one last time.
    pub(crate) async fn run(mut self, stopping: CancellationToken) {
        while self.sets.changed().await.is_ok() {
            let mut longest = FIRST_WAIT;
            // What is newest is sent, also when an older set could not be.
            while self.send_newest(stopping.is_cancelled()).await == Outcome::Failed {
                let wait = jittered(longest);
                longest = (longest * 2).min(LONGEST_WAIT);
                if stopping.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                    break;
                }
            }
        }
    }

    /// To repeat everything on every change would make a page wait for all others.
    async fn send_newest(&mut self, is_last: bool) -> Outcome {
        let begun = Instant::now();
        // Half an interval, so that the timer's own inaccuracy never skips one.
        let is_recent = self.all_delivered_at.is_some_and(|at| at.elapsed() < self.resend / 2);
        let round = (is_last || !is_recent).then_some(begun);
        let (mut outcome, mut is_begun) = (Outcome::Delivered, false);
        // Whenever the set changes, what is new in it comes before what is left to repeat.
        'newest: loop {
            let set = self.sets.borrow_and_update().held(&self.held);
            self.known.retain(&set);
            let due = self.known.due(&set, round);
            let is_first_of_round = round.is_some() && !is_begun;
            self.mute(&set, is_first_of_round).await;
            // A whole set is handed over also when it is empty: so we know that Alertmanager would take one.
            let nothing: &[Step] = &[];
            let only = (due.is_empty() && round.is_some() && !is_begun).then_some(nothing);
            for batch in due.chunks(BATCH).chain(only) {
                let with_watchdog = round.is_some() && !is_begun;
                is_begun = true;
                match self.hand_over(batch, with_watchdog).await {
                    Outcome::Delivered => {}
                    // The others may be without fault.
                    Outcome::Refused => outcome = Outcome::Refused,
                    Outcome::Failed => {
                        // It may have begun anew and know nothing.
                        (self.known, self.all_delivered_at) = (Known::default(), None);
                        return Outcome::Failed;
                    }
                }
                if self.sets.has_changed().unwrap_or(false) {
                    continue 'newest;
                }
            }
            break;
        }
        match (outcome, round) {
            (Outcome::Delivered, Some(begun)) => self.all_delivered_at = Some(begun),
            (Outcome::Delivered, None) => {}
            _ => self.all_delivered_at = None,
        }
        outcome
    }

    /// Before alerts are handed over: the end of one that is silenced would be dropped, and is told only when it is
    /// repeated.
    async fn mute(&mut self, set: &Set, is_round: bool) {
        let held = self.held.subjects();
        let now = Clock::system().now();
        if let Err(error) = self.muting.settle(set, is_round, held, now, self.wording.lifetime).await {
            // Paging does not depend on it; the next round tries again.
            let alertmanager = label(&self.url);
            let error = chain(&error.without_url());
            tracing::debug!(
                alertmanager,
                "acknowledged and silenced alerts cannot be muted at `{alertmanager}`: {error}"
            );
        }
    }

    /// One request.
    async fn hand_over(&mut self, steps: &[Step], with_watchdog: bool) -> Outcome {
        // Asked again before each attempt: what was held when the set was read may have gone to another since.
        let is_held = self.held.now();
        let steps: Vec<_> = steps.iter().filter(|step| is_held(&step.alert)).collect();
        let (start, now) = (Instant::now(), Clock::system().now());
        let of = |step: &&Step| payload(&step.alert, step.number, step.lapse, &self.wording, now);
        let mut payloads: Vec<_> = steps.iter().map(of).collect();
        if with_watchdog && let Some(watchdog) = &self.watchdog {
            payloads.extend(watchdog.payload(&self.wording, now));
        }
        let answer = self.post(&payloads).await;
        self.metrics.seconds.observe(start.elapsed().as_secs_f64());
        let outcome = answer.as_ref().map_or_else(|(outcome, _)| *outcome, |()| Outcome::Delivered);
        self.metrics.count(outcome);
        self.note(answer.err().map(|(_, error)| error));
        if outcome == Outcome::Delivered {
            steps.into_iter().for_each(|step| self.known.insert(step.clone(), start));
        }
        outcome
    }

    async fn post(&self, payloads: &[Payload]) -> Result<(), (Outcome, String)> {
        let request = self.client.post(below(&self.url, "api/v2/alerts")).json(payloads);
        // The address may hold a password, and says nothing that the label does not say.
        let response = request.send().await.map_err(|error| (Outcome::Failed, chain(&error.without_url())))?;
        let status = response.status();
        match status {
            status if status.is_success() => Ok(()),
            status if status.is_client_error() => Err((Outcome::Refused, format!("it answered {status}"))),
            _ => Err((Outcome::Failed, format!("it answered {status}"))),
        }
    }

    /// Keeps how it went, and says so in the log when that changes.
    fn note(&self, error: Option<String>) {
        let mut destinations = self.destinations.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(destination) = destinations.get_mut(self.index) else { return };
        let alertmanager = &destination.alertmanager;
        match (&error, &destination.error) {
            (None, Some(_)) => tracing::info!(alertmanager, "alertmanager `{alertmanager}` takes alerts again"),
            (Some(error), None) => tracing::warn!(alertmanager, "alertmanager `{alertmanager}` fails: {error}"),
            _ => {}
        }
        if error.is_none() {
            let now = Clock::system().now();
            self.metrics.last_success.set(now.since(Timestamp::default()).as_secs_f64());
            destination.last_success = Some(now);
        }
        destination.error = error;
    }
}

/// A random wait up to `longest`, so that many who failed together do not come back together.
fn jittered(longest: Duration) -> Duration {
    // The standard library seeds each hasher anew: enough randomness for a wait.
    let random = u32::try_from(RandomState::new().hash_one(()) >> 32).expect("32 bits are left");
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
