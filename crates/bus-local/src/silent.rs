use std::future::pending;
use std::sync::Arc;

use async_trait::async_trait;
use durable_log::{Batch, Bus, BusState, Epoch, Hint, Subscription};

/// No bus at all: readers poll the log.
pub struct SilentBus;

impl Bus for SilentBus {
    fn publish(&self, _: Epoch, _: Arc<Batch>) {}

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(Silence)
    }
}

struct Silence;

#[async_trait]
impl Subscription for Silence {
    async fn next(&mut self) -> Hint {
        pending().await
    }

    fn state(&self) -> BusState {
        BusState::Polling
    }
}
