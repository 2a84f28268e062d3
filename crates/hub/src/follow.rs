use std::sync::Arc;
use std::time::Duration;

use durable_log::{Batch, Followed, Follower, Log, LogError, Snapshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::Hub;
use crate::update::Step;
use crate::wire::Close;

/// How often everybody gets a sign of life.
const BEAT: Duration = Duration::from_secs(1);
/// Entries after which a frame is closed even if more are ready, so that none grows without bound.
const STEP_ENTRIES: usize = 1_000;
/// Telling one viewer costs about a `write`; between frames the hub rests in proportion to how many it tells, so that
/// what comes meanwhile shares the next frame. Too short to notice with few viewers, and never longer than [`REST`]. For a
/// thousand viewers a little less than 20 ms: what comes every 10 ms then goes out two by two, as soon as the second is there.
const REST_PER_VIEWER: Duration = Duration::from_micros(18);
/// The longest rest.
const REST: Duration = Duration::from_millis(20);
/// Shorter rests are not taken: a timer is hardly finer, and so few viewers are told quickly.
const SHORTEST_REST: Duration = Duration::from_millis(2);
/// The rest that a failed log is given.
const RETRY: Duration = Duration::from_millis(250);

/// Follows the log for `hub`, until `shutdown`.
pub(crate) async fn run(hub: Arc<Hub>, follower: Follower, shutdown: CancellationToken) {
    let alive = Alive(hub);
    let mut task = Task { hub: Arc::clone(&alive.0), follower, next_at: Instant::now() };
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            _ = beat.tick() => task.hub.beat(task.follower.state()),
            followed = task.next() => task.take(followed).await,
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
    next_at: Instant,
}

impl Task {
    /// Cancel-safe, as the follower is.
    async fn next(&mut self) -> Result<Followed, LogError> {
        sleep_until(self.next_at).await;
        self.follower.next().await
    }

    async fn take(&mut self, followed: Result<Followed, LogError>) {
        match followed {
            Ok(Followed::Batch(first)) => self.tell(first).await,
            Ok(Followed::Reset(_)) => self.begin_anew().await,
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "the log cannot be followed now"),
        }
    }

    /// One frame of all that is ready.
    async fn tell(&mut self, first: Arc<Batch>) {
        let begun = Instant::now();
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
        let viewers = self.hub.tell(Step { batches, cursor: self.follower.cursor().clone() });
        self.next_at = begun + rest_after(viewers);
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

fn rest_after(viewers: usize) -> Duration {
    let rest = REST_PER_VIEWER.saturating_mul(u32::try_from(viewers).unwrap_or(u32::MAX)).min(REST);
    if rest < SHORTEST_REST { Duration::ZERO } else { rest }
}
