use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::metrics::Metrics;

/// How a bus is, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusHealth {
    /// Whether it carries. If not, readers poll the log.
    pub is_connected: bool,
    /// What went wrong last, while it is not connected.
    pub last_error: Option<String>,
}

/// Whether the bus is live; tells the log once for each loss and each return.
pub(crate) struct Health {
    address: String,
    is_live: AtomicBool,
    story: Mutex<Story>,
}

#[derive(Default)]
struct Story {
    was_live: bool,
    /// None while live.
    last_error: Option<String>,
    is_loss_told: bool,
}

impl Health {
    pub(crate) fn new(address: String) -> Self {
        Self { address, is_live: AtomicBool::new(false), story: Mutex::default() }
    }

    pub(crate) fn is_live(&self) -> bool {
        self.is_live.load(Ordering::Relaxed)
    }

    pub(crate) fn now(&self) -> BusHealth {
        BusHealth { is_connected: self.is_live(), last_error: self.story().last_error.clone() }
    }

    /// Something was heard: it works both ways.
    pub(crate) fn heard(&self, metrics: &Metrics) {
        if self.is_live.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut story = self.story();
        if story.was_live {
            metrics.reconnects.inc();
        }
        *story = Story { was_live: true, ..Story::default() };
        drop(story);
        metrics.connected.set(1);
        tracing::info!(address = %self.address, "the bus is connected to {}", self.address);
    }

    /// It ended or did not begin. Answers whether it was live until now.
    pub(crate) fn lost(&self, metrics: &Metrics, error: &dyn std::error::Error) -> bool {
        let was_live = self.silent(metrics);
        let error = chain(error);
        let mut story = self.story();
        if !story.is_loss_told {
            story.is_loss_told = true;
            let address = &self.address;
            tracing::warn!(%address, %error, "the bus is not connected to {address}, the log is polled meanwhile: {error}");
        }
        story.last_error = Some(error);
        was_live
    }

    /// It is not live any more. Answers whether it was.
    pub(crate) fn silent(&self, metrics: &Metrics) -> bool {
        metrics.connected.set(0);
        self.is_live.swap(false, Ordering::Relaxed)
    }

    fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        source = cause.source();
        let cause = cause.to_string();
        // Some say in their own words what their cause says.
        if !text.ends_with(&cause) {
            text.push_str(&format!(": {cause}"));
        }
    }
    text
}
