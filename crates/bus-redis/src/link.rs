use std::hash::BuildHasher as _;
use std::hash::RandomState;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bus_local::LocalBus;
use durable_log::{Batch, Bus as _, Epoch, Hint};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::bus::RedisOptions;
use crate::connect::{Connection, connect};
use crate::error::LinkError;
use crate::heads::Heads;
use crate::health::Health;
use crate::inbox::{Found, Inbox};
use crate::message::{self, Message};
use crate::metrics::{Dropped, Metrics};
use crate::queue::Queue;

/// Most batches that wait to be published.
const BATCHES: usize = 1_024;
/// Most entries of them: some megabytes.
const ENTRIES: usize = 50_000;
/// Bytes that are sent together, so that one round trip serves many batches.
const TOGETHER: usize = 1024 * 1024;
/// How often each process says that it lives and how far the log reaches.
const BEAT: Duration = Duration::from_secs(1);
/// After so long without hearing anything, not even its own beat, a connection is given up.
const SILENCE: Duration = Duration::from_secs(3);
/// Longest wait before the second attempt; it doubles with every further one.
const FIRST_REST: Duration = Duration::from_millis(100);
/// Longest wait of all.
const LONGEST_REST: Duration = Duration::from_secs(2);

/// The way to Redis and back, for all readers of the process.
pub(crate) struct Link {
    options: RedisOptions,
    channel: String,
    /// A number by which its own messages are known.
    sender: u64,
    pub(crate) local: LocalBus,
    pub(crate) health: Health,
    pub(crate) metrics: Metrics,
    pub(crate) closing: CancellationToken,
    is_online: AtomicBool,
    queue: Queue<(Epoch, Arc<Batch>)>,
    heads: Mutex<Heads>,
}

impl Link {
    pub(crate) fn new(options: RedisOptions) -> Self {
        Self {
            channel: format!("{}:log", options.prefix),
            health: Health::new(options.address.to_string()),
            options,
            sender: random(),
            local: LocalBus::new(),
            metrics: Metrics::new(),
            closing: CancellationToken::new(),
            is_online: AtomicBool::new(false),
            queue: Queue::new(BATCHES, ENTRIES),
            heads: Mutex::default(),
        }
    }

    /// Takes a batch to publish, or drops it. The next beat tells of what was dropped.
    pub(crate) fn put(&self, epoch: Epoch, batch: Arc<Batch>) {
        let (partition, last, entries) = (batch.partition, batch.last(), batch.entries.len());
        let dropped = match self.is_online.load(Ordering::Relaxed) {
            false => Dropped::Disconnected,
            true if self.queue.push((epoch, batch), entries) => return,
            true => Dropped::QueueFull,
        };
        self.metrics.dropped(dropped, 1);
        self.heads().learn(epoch, partition, last);
    }

    /// Connects again and again, until it is told to close.
    pub(crate) async fn run(self: Arc<Self>) {
        self.keep_connecting().await;
        self.end();
    }

    async fn keep_connecting(&self) {
        let (mut attempt, mut failures) = (0_usize, 0_u32);
        loop {
            let connected = tokio::select! {
                biased;
                () = self.closing.cancelled() => return,
                connected = connect(&self.options.address, &self.channel, attempt) => connected,
            };
            let ended = match connected {
                Ok(connection) => self.serve(connection).await,
                Err(error) => Err(error),
            };
            let Err(error) = ended else { return };
            if self.health.lost(&self.metrics, &error) {
                self.local.say(Hint::Lost);
                failures = 0;
            } else {
                failures = failures.saturating_add(1);
            }
            tokio::select! {
                biased;
                () = self.closing.cancelled() => return,
                () = tokio::time::sleep(rest(failures)) => {}
            }
            attempt = attempt.wrapping_add(1);
        }
    }

    /// Sends and listens until the connection ends, or until it is told to close.
    async fn serve(&self, connection: Connection) -> Result<(), LinkError> {
        let inbox = Arc::clone(&connection.inbox);
        // What was published before the subscription was missed.
        self.local.say(Hint::Lost);
        self.is_online.store(true, Ordering::Relaxed);
        let ended = tokio::select! {
            ended = self.send(connection) => ended,
            ended = self.listen(&inbox) => ended,
        };
        self.is_online.store(false, Ordering::Relaxed);
        while let Some((epoch, batch)) = self.queue.pop() {
            self.metrics.dropped(Dropped::Disconnected, 1);
            self.heads().learn(epoch, batch.partition, batch.last());
        }
        ended
    }

    async fn send(&self, Connection { mut redis, publish, .. }: Connection) -> Result<(), LinkError> {
        // The first one at once.
        let mut beat = tokio::time::interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let mut is_beat_due = tokio::select! {
                biased;
                _ = beat.tick() => true,
                () = self.queue.ready() => false,
                // Only when the queue is empty.
                () = self.closing.cancelled() => return Ok(()),
            };
            let mut pipeline = redis::pipe();
            let (mut bytes, mut batches) = (0, 0);
            while bytes < TOGETHER
                && let Some((epoch, batch)) = self.queue.pop()
            {
                self.heads().learn(epoch, batch.partition, batch.last());
                if let Some(message) = message::batch(self.sender, epoch, &batch) {
                    pipeline.cmd(publish).arg(&self.channel).arg(&message).ignore();
                    bytes += message.len();
                    batches += 1;
                } else {
                    self.metrics.dropped(Dropped::TooLarge, 1);
                    is_beat_due = true;
                }
            }
            if is_beat_due {
                let heads = self.heads().cursor();
                pipeline.cmd(publish).arg(&self.channel).arg(message::beat(self.sender, heads.as_ref())).ignore();
            }
            if let Err(error) = pipeline.query_async::<()>(&mut redis).await {
                self.metrics.dropped(Dropped::Disconnected, batches);
                return Err(LinkError::Publish(error));
            }
            self.metrics.published.inc_by(batches);
        }
    }

    async fn listen(&self, inbox: &Inbox) -> Result<(), LinkError> {
        let mut heard = Instant::now();
        loop {
            let found = tokio::time::timeout_at(heard + SILENCE, inbox.next()).await;
            match found.map_err(|_| LinkError::Silence)? {
                Found::Message(message) => {
                    if self.hear(&message) {
                        heard = Instant::now();
                    }
                }
                Found::Overflow => {
                    self.metrics.dropped(Dropped::InboxFull, 1);
                    self.local.say(Hint::Lost);
                }
                Found::End => return Err(LinkError::Ended),
            }
        }
    }

    /// Passes a message on to the readers; false if it is not one of ours.
    fn hear(&self, message: &[u8]) -> bool {
        match message::understand(message, self.sender) {
            Some(Message::Own) | Some(Message::Beat(None)) => {}
            Some(Message::Beat(Some(heads))) => self.local.say(Hint::Heads(heads)),
            Some(Message::Batch(epoch, batch)) => {
                self.metrics.received.inc();
                self.heads().learn(epoch, batch.partition, batch.last());
                self.local.publish(epoch, Arc::new(batch));
            }
            None => {
                self.metrics.dropped(Dropped::NotUnderstood, 1);
                self.local.say(Hint::Lost);
                return false;
            }
        }
        self.health.heard(&self.metrics);
        true
    }

    /// From now on nothing is sent and nothing is heard.
    pub(crate) fn end(&self) {
        self.is_online.store(false, Ordering::Relaxed);
        self.health.silent(&self.metrics);
        self.local.say(Hint::Lost);
    }

    fn heads(&self) -> MutexGuard<'_, Heads> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A random wait before the next attempt, so that many who failed together do not come back together.
fn rest(failures: u32) -> Duration {
    let longest = FIRST_REST.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_REST);
    let random = u32::try_from(random() >> 32).expect("32 bits are left");
    longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// A random number: the standard library seeds each hasher anew.
fn random() -> u64 {
    RandomState::new().hash_one(())
}
