use std::future::pending;
use std::sync::Arc;

use async_trait::async_trait;
use durable_log::{Batch, Bus, BusState, Epoch, Hint, Subscription};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};

/// How many batches a reader may be late before it is told to look at the log: a second of single commits on a fast
/// disk. A batch stays in memory only until the slowest reader has it.
const BATCHES: usize = 1_024;

/// The bus inside one process: every reader gets every batch, unless it is too slow.
pub struct LocalBus {
    sender: Sender<Hint>,
}

impl LocalBus {
    /// A bus without readers.
    pub fn new() -> Self {
        Self::with_capacity(BATCHES)
    }

    /// A bus whose readers may be `batches` late (at least one).
    pub fn with_capacity(batches: usize) -> Self {
        Self { sender: channel(batches.max(1)).0 }
    }

    /// Hands any hint to every reader.
    pub fn say(&self, hint: Hint) {
        // It fails when nobody listens: then nobody misses it.
        drop(self.sender.send(hint));
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

impl Bus for LocalBus {
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>) {
        self.say(Hint::Batch(epoch, batch));
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(LocalSubscription { receiver: Some(self.sender.subscribe()) })
    }
}

struct LocalSubscription {
    /// None once the bus is gone.
    receiver: Option<Receiver<Hint>>,
}

#[async_trait]
impl Subscription for LocalSubscription {
    async fn next(&mut self) -> Hint {
        let Some(receiver) = &mut self.receiver else { return pending().await };
        match receiver.recv().await {
            Ok(hint) => hint,
            Err(RecvError::Lagged(_)) => Hint::Lost,
            Err(RecvError::Closed) => {
                self.receiver = None;
                Hint::Lost
            }
        }
    }

    fn state(&self) -> BusState {
        if self.receiver.is_some() { BusState::Live } else { BusState::Polling }
    }
}

#[cfg(test)]
mod tests;
