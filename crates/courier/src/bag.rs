use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use domain::{Action, Subject};
use prometheus::IntGauge;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

use crate::courier::Courier;
use crate::errand::Errand;

/// How often all that is pending is put in again: what did not fit before, or must not be sent.
const AGAIN: Duration = Duration::from_secs(15);

/// The actions of one partition that are on their way. What is in it stops when it is dropped: then another owner of the
/// partition brings it, or the same one after a restart.
pub struct Bag {
    courier: Courier,
    errands: JoinSet<bool>,
    /// The actions that errands are about.
    under_way: HashMap<Id, String>,
    /// Those of which the log knows what became of them, but perhaps not yet the engine.
    settled: HashSet<String>,
    due: Instant,
}

impl Bag {
    pub(crate) fn new(courier: Courier) -> Self {
        let (errands, under_way, settled) = Default::default();
        Self { courier, errands, under_way, settled, due: Instant::now() }
    }

    /// Whether it is time to put in all that is pending.
    pub fn is_due(&self) -> bool {
        self.due <= Instant::now()
    }

    /// Puts in all that the engine holds as pending. What is under way already goes on.
    pub fn put_all(&mut self, mut pending: Vec<(Subject, Action)>) {
        self.due = Instant::now() + AGAIN;
        self.look_who_is_back();
        let known: HashSet<&String> = pending.iter().map(|(_, action)| &action.id).collect();
        self.settled.retain(|id| known.contains(id));
        // The most urgent first, because not all may fit.
        pending.sort_by_key(|(_, action)| (Reverse(action.priority), action.at));
        self.put(pending);
    }

    /// Puts in actions that have just been taken. What does not fit is left to [`Bag::put_all`].
    pub fn put(&mut self, actions: impl IntoIterator<Item = (Subject, Action)>) {
        self.look_who_is_back();
        for (subject, action) in actions {
            let is_known = self.settled.contains(&action.id) || self.under_way.values().any(|id| *id == action.id);
            if is_known {
                continue;
            }
            let Some(place) = Place::take(&self.courier) else { return };
            let id = action.id.clone();
            let errand = Errand { courier: self.courier.clone(), subject, action };
            let task = self.errands.spawn(async move {
                let is_settled = errand.run().await;
                drop(place);
                is_settled
            });
            self.under_way.insert(task.id(), id);
        }
    }

    fn look_who_is_back(&mut self) {
        while let Some(back) = self.errands.try_join_next_with_id() {
            let (task, is_settled) = back.unwrap_or_else(|error| {
                tracing::error!("an action could not be delivered, and is tried again: {error}");
                (error.id(), false)
            });
            if let Some(id) = self.under_way.remove(&task)
                && is_settled
            {
                self.settled.insert(id);
            }
        }
    }
}

/// One of the few places among all that is on its way.
struct Place {
    pending: IntGauge,
    _permit: OwnedSemaphorePermit,
}

impl Place {
    fn take(courier: &Courier) -> Option<Self> {
        let permit = courier.places.clone().try_acquire_owned().ok()?;
        courier.metrics.pending.inc();
        Some(Self { pending: courier.metrics.pending.clone(), _permit: permit })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pending.dec();
    }
}
