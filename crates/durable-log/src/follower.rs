use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

use crate::{Batch, Bus, BusState, Cursor, Entry, Hint, Log, LogError, Partition, Subscription};

/// Most entries of one read from the log: a gap is filled bite by bite, so that it never fills the memory.
const BITE: u32 = 1_000;
/// How often the log is asked for its heads while the bus is live: finds a lost hint that no other hint follows.
const LOOK: Duration = Duration::from_secs(1);
/// The same while the bus is down; also the rest that a failed log is given.
const POLL: Duration = Duration::from_millis(250);

/// What a follower comes upon.
#[derive(Clone, Debug)]
pub enum Followed {
    /// The next entries of a partition.
    Batch(Arc<Batch>),
    /// The position is void: the log began anew or lost its end. Take a snapshot; the follower goes on from this
    /// cursor, the end of the log, unless it is sent elsewhere by [`Follower::restart`].
    Reset(Cursor),
}

/// Reads the log as it grows: every entry after its cursor, exactly once, in order within each partition.
///
/// Hints of the bus that continue the cursor are passed on as they are; everything else is read from the log. Entries
/// that were pruned before they could be read are passed over.
pub struct Follower {
    log: Arc<dyn Log>,
    subscription: Box<dyn Subscription>,
    cursor: Cursor,
    /// The partitions that are followed; none means all.
    only: Option<Vec<Partition>>,
    /// The last entry that the log is known to hold, in each partition.
    known: Vec<u64>,
    look_at: Instant,
    rest_until: Instant,
    /// What the log was asked. It is kept here, so that a caller that gives up waiting again and again does not ask the
    /// same again and again without ever hearing the answer.
    asked: Option<Question>,
}

enum Question {
    Heads(Answer<Cursor>),
    Entries(Partition, Answer<Vec<Entry>>),
}

/// It comes by itself. Where it would have to be waited for, those who do something else meanwhile, and ask the log for it,
/// would hold the connections that the log needs to answer them.
type Answer<T> = AbortOnDropHandle<Result<T, LogError>>;

async fn hear<T>(answer: &mut Answer<T>) -> Result<T, LogError> {
    answer.await.unwrap_or_else(|ended| match ended.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(_) => Err(LogError::Closed),
    })
}

impl Follower {
    /// Follows all partitions of `log` from `from` on. It subscribes first, so that nothing falls in between.
    pub fn new(log: Arc<dyn Log>, bus: &dyn Bus, from: Cursor) -> Self {
        Self::with(log, bus, from, None)
    }

    /// Follows some partitions only; the cursor of the others stays.
    pub fn of_partitions(log: Arc<dyn Log>, bus: &dyn Bus, from: Cursor, partitions: Vec<Partition>) -> Self {
        Self::with(log, bus, from, Some(partitions))
    }

    fn with(log: Arc<dyn Log>, bus: &dyn Bus, from: Cursor, only: Option<Vec<Partition>>) -> Self {
        let subscription = bus.subscribe();
        let (known, now) = (known(&from), Instant::now());
        Self { log, subscription, cursor: from, only, known, look_at: now, rest_until: now, asked: None }
    }

    /// Goes on from another position, e.g. that of the snapshot taken after a reset.
    pub fn restart(&mut self, from: Cursor) {
        self.known = known(&from);
        self.cursor = from;
        self.look_at = Instant::now();
        self.asked = None;
    }

    /// The position after everything that was handed out.
    pub const fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Whether the bus hurries it along.
    pub fn state(&self) -> BusState {
        self.subscription.state()
    }

    /// The next piece; waits until there is one. Cancel-safe. After an error it can be called again and nothing is
    /// lost; the log is then left alone for a moment first, so that a loop around it does not spin.
    pub async fn next(&mut self) -> Result<Followed, LogError> {
        loop {
            if self.asked.is_none() {
                self.asked = self.question();
            }
            let followed = match &mut self.asked {
                Some(Question::Heads(answer)) => {
                    let heads = hear(answer).await;
                    self.heard_heads(heads)?
                }
                Some(Question::Entries(partition, answer)) => {
                    let (partition, entries) = (*partition, hear(answer).await);
                    self.heard_entries(partition, entries)?
                }
                None => tokio::select! {
                    hint = self.subscription.next() => self.take(hint),
                    () = sleep_until(self.look_at) => None,
                },
            };
            if let Some(followed) = followed {
                return Ok(followed);
            }
        }
    }

    /// What is there already: nothing when the bus has brought nothing, or when the log must be asked first.
    pub fn ready(&mut self) -> Option<Followed> {
        while self.asked.is_none() && self.behind().is_none() {
            let hint = self.subscription.next().now_or_never()?;
            if let Some(followed) = self.take(hint) {
                return Some(followed);
            }
        }
        None
    }

    /// A partition of which the log holds more than was handed out.
    fn behind(&self) -> Option<Partition> {
        self.followed().find(|&partition| self.cursor.seq(partition) < self.known_of(partition))
    }

    fn followed(&self) -> impl Iterator<Item = Partition> + '_ {
        self.cursor.partitions().filter(|&partition| self.follows(partition))
    }

    fn follows(&self, partition: Partition) -> bool {
        usize::from(partition.0) < self.known.len() && self.only.as_ref().is_none_or(|only| only.contains(&partition))
    }

    fn known_of(&self, partition: Partition) -> u64 {
        self.known.get(usize::from(partition.0)).copied().unwrap_or(0)
    }

    fn learn(&mut self, partition: Partition, seq: u64) {
        if let Some(known) = self.known.get_mut(usize::from(partition.0)) {
            *known = seq.max(*known);
        }
    }

    /// What a hint amounts to: the next entries, or knowledge of where the log stands.
    fn take(&mut self, hint: Hint) -> Option<Followed> {
        let batch = match hint {
            Hint::Batch(epoch, batch) if epoch == self.cursor.epoch => batch,
            Hint::Heads(heads) if heads.epoch == self.cursor.epoch => {
                heads.partitions().for_each(|partition| self.learn(partition, heads.seq(partition)));
                return None;
            }
            // Another log, or something lost: the log itself knows.
            Hint::Batch(..) | Hint::Heads(_) | Hint::Lost => {
                self.look_at = Instant::now();
                return None;
            }
        };
        let partition = batch.partition;
        let seen = self.cursor.seq(partition);
        if !self.follows(partition) || batch.last() <= seen {
            return None;
        }
        self.learn(partition, batch.last());
        if batch.first() > seen + 1 {
            return None;
        }
        self.cursor.advance(partition, batch.last());
        if batch.first() == seen + 1 {
            return Some(Followed::Batch(batch));
        }
        let entries = batch.entries.iter().filter(|entry| entry.seq > seen).cloned().collect();
        Some(Followed::Batch(Arc::new(Batch { partition, entries })))
    }

    /// What must be asked of the log now, if anything.
    fn question(&self) -> Option<Question> {
        let (log, rest_until) = (Arc::clone(&self.log), self.rest_until);
        if let Some(partition) = self.behind() {
            let after = self.cursor.seq(partition);
            let answer = async move {
                sleep_until(rest_until).await;
                log.read(partition, after, BITE).await
            };
            return Some(Question::Entries(partition, AbortOnDropHandle::new(tokio::spawn(answer))));
        }
        let answer = async move {
            sleep_until(rest_until).await;
            log.heads().await
        };
        (self.look_at <= Instant::now()).then(|| Question::Heads(AbortOnDropHandle::new(tokio::spawn(answer))))
    }

    fn heard_entries(
        &mut self,
        partition: Partition,
        entries: Result<Vec<Entry>, LogError>,
    ) -> Result<Option<Followed>, LogError> {
        let entries = self.heard(entries)?;
        // A read sees all that was there before it: an empty one says that what was known to be there was pruned.
        let last = entries.last().map_or(self.known_of(partition), |entry| entry.seq);
        self.cursor.advance(partition, last);
        self.learn(partition, last);
        Ok((!entries.is_empty()).then(|| Followed::Batch(Arc::new(Batch { partition, entries }))))
    }

    fn heard_heads(&mut self, heads: Result<Cursor, LogError>) -> Result<Option<Followed>, LogError> {
        let heads = self.heard(heads)?;
        let is_same_log = heads.epoch == self.cursor.epoch && heads.partitions().eq(self.cursor.partitions());
        let is_void = !is_same_log || self.followed().any(|p| heads.seq(p) < self.cursor.seq(p));
        if is_void {
            self.restart(heads.clone());
        }
        for partition in heads.partitions() {
            self.learn(partition, heads.seq(partition));
        }
        self.look_at = Instant::now()
            + match self.subscription.state() {
                BusState::Live => LOOK,
                BusState::Polling => POLL,
            };
        Ok(is_void.then_some(Followed::Reset(heads)))
    }

    fn heard<T>(&mut self, answer: Result<T, LogError>) -> Result<T, LogError> {
        self.asked = None;
        if answer.is_err() {
            self.rest_until = Instant::now() + POLL;
        }
        answer
    }
}

/// The numbers of a cursor.
fn known(cursor: &Cursor) -> Vec<u64> {
    cursor.partitions().map(|partition| cursor.seq(partition)).collect()
}
