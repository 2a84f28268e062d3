use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use durable_log::{Batch, Bus, BusState, Epoch, Hint, Subscription};
use prometheus::Registry;
use tokio::task::JoinHandle;

use crate::address::RedisAddress;
use crate::health::BusHealth;
use crate::link::Link;

/// Longest time that closing takes.
const CLOSING: Duration = Duration::from_secs(1);

/// Where a bus is and what its channel is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedisOptions {
    /// Where.
    pub address: RedisAddress,
    /// The channel is `<prefix>:log`: suites that share a Redis each have a prefix of their own.
    pub prefix: String,
}

impl RedisOptions {
    /// The bus of the only suite on a Redis.
    pub fn new(address: RedisAddress) -> Self {
        Self { address, prefix: "iskra".to_owned() }
    }
}

/// The bus among processes. The readers of this process get its own batches at once, and those of others by Redis.
///
/// It is there at once and for ever: while Redis is not, its readers poll the log.
pub struct RedisBus {
    link: Arc<Link>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl RedisBus {
    /// A bus that connects in the background, again and again. To be called within a tokio runtime.
    pub fn connect(options: RedisOptions) -> Arc<Self> {
        let link = Arc::new(Link::new(options));
        let task = Mutex::new(Some(tokio::spawn(Arc::clone(&link).run())));
        Arc::new(Self { link, task })
    }

    /// How it is, for people.
    pub fn health(&self) -> BusHealth {
        self.link.health.now()
    }

    /// Adds its metrics to a registry.
    pub fn register(&self, registry: &Registry) -> prometheus::Result<()> {
        self.link.metrics.register(registry)
    }

    /// Sends what is queued and ends the connection, within a second. What is published later stays in this process.
    pub async fn close(&self) {
        self.link.closing.cancel();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut task) = task
            && tokio::time::timeout(CLOSING, &mut task).await.is_err()
        {
            task.abort();
            // It says that it was aborted.
            drop(task.await);
            self.link.end();
        }
    }
}

impl Drop for RedisBus {
    fn drop(&mut self) {
        self.link.closing.cancel();
    }
}

impl Bus for RedisBus {
    fn publish(&self, epoch: Epoch, batch: Arc<Batch>) {
        self.link.local.publish(epoch, Arc::clone(&batch));
        self.link.put(epoch, batch);
    }

    fn subscribe(&self) -> Box<dyn Subscription> {
        Box::new(RedisSubscription { local: self.link.local.subscribe(), link: Arc::clone(&self.link) })
    }
}

struct RedisSubscription {
    local: Box<dyn Subscription>,
    link: Arc<Link>,
}

#[async_trait]
impl Subscription for RedisSubscription {
    async fn next(&mut self) -> Hint {
        self.local.next().await
    }

    fn state(&self) -> BusState {
        if self.link.health.is_live() { BusState::Live } else { BusState::Polling }
    }
}
