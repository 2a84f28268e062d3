use std::sync::Arc;

use crate::{Batch, Cursor, Epoch};

/// Carries committed batches to the readers, as fast as it can and without any promise: a reader that misses one
/// notices by the numbers and reads the log.
pub trait Bus: Send + Sync + 'static {
    /// Publishes a batch that is committed. Never waits and never fails: what cannot be carried is lost.
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>);

    /// A new reader.
    fn subscribe(&self) -> Box<dyn Subscription>;
}

/// One reader's end of a bus.
#[async_trait::async_trait]
pub trait Subscription: Send {
    /// The next hint. Cancel-safe.
    async fn next(&mut self) -> Hint;

    /// Whether hints can be expected now. When not, readers poll the log often.
    fn state(&self) -> BusState;
}

/// What a bus says.
#[derive(Clone, Debug)]
pub enum Hint {
    /// These entries were committed.
    Batch(Epoch, Arc<Batch>),
    /// The log reaches at least this far.
    Heads(Cursor),
    /// Something may have been lost: look at the log.
    Lost,
}

/// Whether a bus works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusState {
    /// Hints come.
    Live,
    /// No hints come: the log is polled.
    Polling,
}
