use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::now;
use crate::{AccessStore, Act, Outcome};

/// Acts that may wait for the store: people do few things. What finds no place stands in the log alone.
const WAITING: usize = 1_024;
/// Written at once.
const TOGETHER: usize = 64;
/// How long one write may take, and the pause after one that failed.
const WRITING: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(1);
/// How often old acts are forgotten.
const FORGET_EVERY: Duration = Duration::from_hours(1);

/// Writes acts down, in their order, without holding up those who act.
pub(super) struct Scribe(Sender<Act>);

impl Scribe {
    pub(super) fn start(
        store: Arc<dyn AccessStore>,
        retention: Duration,
        closing: CancellationToken,
        tasks: &TaskTracker,
    ) -> Self {
        let (sender, acts) = mpsc::channel(WAITING);
        tasks.spawn(run(store, retention, closing, acts));
        Self(sender)
    }

    pub(super) fn record(&self, act: Act) {
        tell(&act);
        if let Err(TrySendError::Full(act) | TrySendError::Closed(act)) = self.0.try_send(act) {
            tracing::error!(target: "audit", "`{}` by {} stands in the log alone: the store is away", act.what, act.who);
        }
    }
}

/// A line of the log for each act, which leaves the machine even if somebody empties the store.
fn tell(act: &Act) {
    let Act { who, what, outcome, .. } = act;
    let (token, from) = (act.token.as_deref().unwrap_or_default(), act.from.as_deref().unwrap_or_default());
    let (of, status) = (act.of.as_deref().unwrap_or_default(), act.status.unwrap_or_default());
    let outcome = outcome.name();
    tracing::info!(target: "audit", who, token, from, what, of, outcome, status, "{who:?}: {what} {of:?}: {outcome}");
}

async fn run(store: Arc<dyn AccessStore>, retention: Duration, closing: CancellationToken, mut acts: Receiver<Act>) {
    let mut forgetting = interval(FORGET_EVERY);
    forgetting.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut left = Vec::new();
    while !closing.is_cancelled() {
        let mut batch = Vec::new();
        tokio::select! {
            biased;
            () = closing.cancelled() => {}
            _ = acts.recv_many(&mut batch, TOGETHER) => left = write(&*store, batch, &closing).await,
            _ = forgetting.tick() => {
                if let Err(error) = store.forget_acts(now().minus(retention)).await {
                    tracing::debug!("old acts were not forgotten: {error}");
                }
            }
        }
    }
    // The end: what is queued is tried once, if the store was there just now.
    acts.close();
    let is_away = !left.is_empty();
    while acts.recv_many(&mut left, WAITING).await > 0 {}
    if !left.is_empty() && (is_away || !matches!(timeout(WRITING, store.record(left.clone())).await, Ok(Ok(())))) {
        tracing::error!(target: "audit", "{} acts stand in the log alone: the store is away", left.len());
    }
}

/// Tries until the store has taken them, or the process ends: answers those that are left then. One that takes longer than
/// it may is written again, and may be there twice.
async fn write(store: &dyn AccessStore, batch: Vec<Act>, closing: &CancellationToken) -> Vec<Act> {
    let mut is_told = false;
    loop {
        let failure = match timeout(WRITING, store.record(batch.clone())).await {
            Ok(Ok(())) => return Vec::new(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "it does not answer".to_owned(),
        };
        if !is_told {
            tracing::warn!(target: "audit", "acts wait for the store: {failure}");
            is_told = true;
        }
        if closing.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            return batch;
        }
    }
}

impl Act {
    /// An act at this moment, done; without a token, an address, or anything that it is about.
    pub fn now(who: &str, what: impl Into<String>) -> Self {
        let (who, what, outcome) = (who.to_owned(), what.into(), Outcome::Done);
        Self { number: 0, at: now(), token: None, who, from: None, what, of: None, outcome, status: None }
    }
}
