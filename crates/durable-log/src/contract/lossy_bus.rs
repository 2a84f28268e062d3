use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Batch, Bus, Epoch, Subscription};

/// A bus that loses messages on purpose, the same ones for the same seed.
pub struct LossyBus {
    inner: Arc<dyn Bus>,
    state: AtomicU64,
    percent: u64,
}

impl LossyBus {
    /// Loses about `percent` of what `inner` would carry.
    pub fn new(inner: Arc<dyn Bus>, seed: u64, percent: u64) -> Self {
        Self { inner, state: AtomicU64::new(seed), percent }
    }

    /// Whether the next message is lost: splitmix64, one step.
    fn loses(&self) -> bool {
        let state = self.state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % 100 < self.percent
    }
}

impl Bus for LossyBus {
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>) {
        if !self.loses() {
            self.inner.publish(epoch, batch);
        }
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        self.inner.subscribe()
    }
}
