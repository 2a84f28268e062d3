use std::sync::Arc;
use std::time::Duration;

use durable_log::{Batch, Followed, Follower, Log, LogError, Snapshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::Hub;
use crate::step::Step;
use crate::wire::Close;

/// How often everybody gets a sign of life.
const BEAT: Duration = Duration::from_secs(1);
/// Entries after which a frame is closed even if more are ready, so that none grows without bound.
const STEP_ENTRIES: usize = 1_000;
/// Telling one viewer costs about a `write`. What comes soon after a frame waits so long for each whom that was told, so that
/// more can join it: a thousand viewers then get what comes every 10 ms two by two, and ten hear everything at once.
const WAIT_PER_VIEWER: Duration = Duration::from_micros(11);
/// The longest wait.
const WAIT: Duration = Duration::from_millis(20);
/// Shorter waits are not worth their timer.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);
/// The rest that a failed log is given.
const RETRY: Duration = Duration::from_millis(250);

/// Follows the log for `hub`, until `shutdown`.
pub(crate) async fn run(hub: Arc<Hub>, follower: Follower, shutdown: CancellationToken) {
    let alive = Alive(hub);
    let mut task = Task { hub: Arc::clone(&alive.0), follower, busy_until: Instant::now(), wait: Duration::ZERO };
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            _ = beat.tick() => task.hub.beat(task.follower.state()),
            followed = task.follower.next() => task.take(followed).await,
        }
    }
}

/// However the task ends, nobody goes on looking at a picture that no longer moves.
struct Alive(Arc<Hub>);

impl Drop for Alive {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the hub broke: viewers are sent away and the service is not ready");
        }
        self.0.stop_showing(Close::Restart);
    }
}

struct Task {
    hub: Arc<Hub>,
    follower: Follower,
    /// What comes before it is waited with.
    busy_until: Instant,
    wait: Duration,
}

impl Task {
    async fn take(&mut self, followed: Result<Followed, LogError>) {
        match followed {
            Ok(Followed::Batch(first)) => self.tell(first).await,
            Ok(Followed::Reset(_)) => self.begin_anew().await,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the log cannot be followed now"),
        }
    }

    /// One frame of all that is ready.
    async fn tell(&mut self, first: Arc<Batch>) {
        let came = Instant::now();
        if came < self.busy_until {
            sleep_until(came + self.wait).await;
        }
        let mut entries = first.entries.len();
        let mut batches = vec![first];
        let mut reset = false;
        while entries < STEP_ENTRIES && !reset {
            match self.follower.ready() {
                Some(Followed::Batch(batch)) => {
                    entries += batch.entries.len();
                    batches.push(batch);
                }
                Some(Followed::Reset(_)) => reset = true,
                None => break,
            }
        }
        if reset {
            return self.begin_anew().await;
        }
        let told = self.hub.tell(Step::new(batches, self.follower.cursor().clone()));
        // More is there than one frame holds: who is behind does not wait.
        self.wait = if entries < STEP_ENTRIES { wait_for(told) } else { Duration::ZERO };
        self.busy_until = Instant::now() + self.wait;
    }

    /// The log is another one: everybody goes, and the present is read again.
    async fn begin_anew(&mut self) {
        tracing::warn!("the log begins anew: viewers are sent away and come back to the new one");
        self.hub.stop_showing(Close::LogBeginsAnew);
        let snapshot = snapshot(&*self.hub.log).await;
        self.follower.restart(snapshot.cursor.clone());
        self.hub.begin_anew(snapshot);
    }
}

async fn snapshot(log: &dyn Log) -> Snapshot {
    loop {
        match log.snapshot().await {
            Ok(snapshot) => return snapshot,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the present cannot be read now");
                sleep(RETRY).await;
            }
        }
    }
}

fn wait_for(told: usize) -> Duration {
    let wait = WAIT_PER_VIEWER.saturating_mul(u32::try_from(told).unwrap_or(u32::MAX)).min(WAIT);
    if wait < SHORTEST_WAIT { Duration::ZERO } else { wait }
}
