use std::sync::Arc;

use async_trait::async_trait;
use durable_log::{Batch, Bus, Epoch};
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

use crate::queue::{Request, Work};
use crate::{Failure, Plan};

/// A transaction takes what is queued until it has this many rows: some tens of milliseconds of work.
const GROUP_ROWS: usize = 5_000;

/// Where a writer writes.
#[async_trait]
pub trait Store: Send + 'static {
    /// What else it is asked to do, in a transaction of its own.
    type Chore: Send + 'static;

    /// In which life the log is.
    fn epoch(&self) -> Epoch;

    /// Decides what becomes of the group and writes it, in one transaction; answers when that is on disk.
    async fn write(&mut self, group: &[Work]) -> Result<Plan, Failure>;

    /// Whether the store refused what a request says, so that others of its group may fare better alone.
    fn is_of_a_request(&self, failure: &Failure) -> bool;

    /// Does a chore, and answers whoever asked for it.
    async fn do_chore(&mut self, chore: Self::Chore);
}

/// The one task that writes to a partition, or to all of them.
pub struct Writer<S: Store> {
    /// Where.
    pub store: S,
    /// Told of every commit.
    pub bus: Arc<dyn Bus>,
}

impl<S: Store> Writer<S> {
    /// Works until it is told to close, or nobody is left to ask for anything, and then until the queue is empty.
    pub async fn run(mut self, mut requests: Receiver<Request<S::Chore>>, closing: CancellationToken) -> S {
        let mut chore = None;
        loop {
            if let Some(chore) = chore.take() {
                self.store.do_chore(chore).await;
            }
            let request = tokio::select! {
                biased;
                () = closing.cancelled(), if !requests.is_closed() => {
                    requests.close();
                    continue;
                }
                request = requests.recv() => request,
            };
            let mut next = match request {
                None => return self.store,
                Some(request) => Some(request),
            };
            let (mut group, mut rooms, mut rows) = (Vec::new(), Vec::new(), 0);
            while let Some(request) = next.take() {
                match request {
                    Request::Group(work, room) => {
                        rows += work.rows();
                        group.push(work);
                        rooms.push(room);
                    }
                    // In its turn: after what came before it.
                    Request::Chore(other) => {
                        chore = Some(other);
                        break;
                    }
                }
                next = if rows < GROUP_ROWS { requests.try_recv().ok() } else { None };
            }
            if !group.is_empty() {
                self.write(group).await;
            }
            // The room in the queue is given back when the answers are given.
            drop(rooms);
        }
    }

    async fn write(&mut self, group: Vec<Work>) {
        let mut groups = vec![group];
        while let Some(mut group) = groups.pop() {
            match self.store.write(&group).await {
                Ok(mut plan) => {
                    for (partition, entries) in std::mem::take(&mut plan.entries) {
                        self.bus.publish(self.store.epoch(), Arc::new(Batch { partition, entries }));
                    }
                    plan.answer(group);
                }
                // One must not spoil it for all, again and again: by halves it is found, in the order in which they came.
                Err(failure) if group.len() > 1 && !failure.is_unknown() && self.store.is_of_a_request(&failure) => {
                    let second_half = group.split_off(group.len() / 2);
                    groups.extend([second_half, group]);
                }
                Err(failure) => {
                    tracing::error!(error = %failure, "the log could not write: {failure}");
                    for work in group {
                        work.refuse(failure.clone().into());
                    }
                }
            }
        }
    }
}
