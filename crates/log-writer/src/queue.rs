use std::sync::Arc;

use domain::{Command, Sample, Subject};
use durable_log::{Appended, EngineCommit, Fence, LogError, Outcome, Partition, partition_of};
use futures_util::future::join_all;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Where an answer goes. That nobody waits for it any more is no failure.
pub type Answer<T> = oneshot::Sender<Result<T, LogError>>;

/// What a writer is asked to do in one transaction with others.
pub enum Work {
    /// Store samples.
    Append(Vec<Sample>, Answer<Appended>),
    /// Store what a person asked for.
    Command(Subject, Command, Answer<u64>),
    /// Take the engine's place.
    Claim(Partition, Answer<Fence>),
    /// Store what an engine concluded.
    Commit(Box<EngineCommit>, Answer<u64>),
}

impl Work {
    /// How many rows it is about to write.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Append(samples, _) => samples.len(),
            Self::Command(..) | Self::Claim(..) => 1,
            Self::Commit(commit, _) => commit.events.len() + commit.subjects.len(),
        }
    }

    /// Answers that it could not be done.
    pub(crate) fn refuse(self, error: LogError) {
        match self {
            Self::Append(_, answer) => drop(answer.send(Err(error))),
            Self::Command(_, _, answer) | Self::Commit(_, answer) => drop(answer.send(Err(error))),
            Self::Claim(_, answer) => drop(answer.send(Err(error))),
        }
    }
}

/// What waits for a writer.
pub enum Request<C> {
    /// Work, with the room that it takes in the queue.
    Group(Work, Option<OwnedSemaphorePermit>),
    /// What needs a transaction of its own.
    Chore(C),
}

/// The doors of the writers, one for each; with fewer writers than partitions, each has several. Two bounds hold: on the
/// requests of a writer, so that their number stays small, and on the samples of all, so that their memory does.
pub struct Queues<C> {
    senders: Vec<mpsc::Sender<Request<C>>>,
    partitions: u16,
    room: Arc<Semaphore>,
    samples: u32,
}

impl<C> Queues<C> {
    /// The queues of `writers` writers for a log of so many partitions, and their other ends.
    pub fn new(
        writers: u16,
        partitions: u16,
        requests: usize,
        samples: u32,
    ) -> (Self, Vec<mpsc::Receiver<Request<C>>>) {
        let (senders, receivers) = (0..writers.max(1)).map(|_| mpsc::channel(requests.max(1))).unzip();
        let samples = samples.max(1);
        (Self { senders, partitions, room: Arc::new(Semaphore::new(samples as usize)), samples }, receivers)
    }

    /// How many more samples may wait.
    pub fn room(&self) -> usize {
        self.room.available_permits()
    }

    /// Queues samples, or refuses all of them at once when there is no room. A call that is larger than the whole queue
    /// may go in when the queue is empty.
    pub async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError> {
        let rows = u32::try_from(samples.len()).unwrap_or(u32::MAX).min(self.samples);
        let room = Arc::clone(&self.room).try_acquire_many_owned(rows);
        if self.senders.iter().any(mpsc::Sender::is_closed) {
            return Err(LogError::Closed);
        }
        let mut room = room.map_err(|_| LogError::Overloaded)?;
        let total = samples.len();
        let parts = self.divide(samples);
        // Places first, so that no part goes in when another one cannot.
        let reserve = |part: &Part| self.senders[part.queue].try_reserve().map_err(|error| refused(&error));
        let places = parts.iter().map(reserve).collect::<Result<Vec<_>, _>>()?;
        let mut answers = Vec::with_capacity(parts.len());
        let mut indices = Vec::with_capacity(parts.len());
        for (part, place) in parts.into_iter().zip(places) {
            let (answer, answered) = oneshot::channel();
            let share = room.split(part.samples.len().min(room.num_permits()));
            place.send(Request::Group(Work::Append(part.samples, answer), share));
            answers.push(outcome(answered));
            indices.push(part.indices);
        }
        merge(total, &indices, join_all(answers).await)
    }

    /// Queues a command, or refuses at once when there is no room.
    pub async fn command(&self, subject: Subject, command: Command) -> Result<u64, LogError> {
        let (answer, answered) = oneshot::channel();
        let queue = self.queue_of(partition_of(&subject, self.partitions));
        let request = Request::Group(Work::Command(subject, command, answer), None);
        self.senders[queue].try_send(request).map_err(|error| refused(&error))?;
        outcome(answered).await
    }

    /// Queues work on a partition, which waits its turn however full the queue is.
    pub async fn wait<T>(&self, partition: Partition, work: impl FnOnce(Answer<T>) -> Work) -> Result<T, LogError> {
        self.send(partition, |answer| Request::Group(work(answer), None)).await
    }

    /// Queues a chore of the writer of a partition, which waits its turn however full the queue is.
    pub async fn chore<T>(&self, partition: Partition, chore: impl FnOnce(Answer<T>) -> C) -> Result<T, LogError> {
        self.send(partition, |answer| Request::Chore(chore(answer))).await
    }

    async fn send<T>(
        &self,
        partition: Partition,
        request: impl FnOnce(Answer<T>) -> Request<C>,
    ) -> Result<T, LogError> {
        let (answer, answered) = oneshot::channel();
        let queue = &self.senders[self.queue_of(partition)];
        queue.send(request(answer)).await.map_err(|_| LogError::Closed)?;
        outcome(answered).await
    }

    fn queue_of(&self, partition: Partition) -> usize {
        usize::from(partition.0) % self.senders.len()
    }

    /// Samples by the writer that they go to.
    fn divide(&self, samples: Vec<Sample>) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (index, sample) in samples.into_iter().enumerate() {
            let queue = self.queue_of(partition_of(&sample.subject, self.partitions));
            let place = parts.iter().position(|part| part.queue == queue).unwrap_or_else(|| {
                parts.push(Part { queue, indices: Vec::new(), samples: Vec::new() });
                parts.len() - 1
            });
            parts[place].indices.push(index);
            parts[place].samples.push(sample);
        }
        parts
    }
}

/// The samples of a call that go to one writer, and where they stood in it.
struct Part {
    queue: usize,
    indices: Vec<usize>,
    samples: Vec<Sample>,
}

/// One answer for the parts of a call. When one was written and another was not, only sending all of it again helps:
/// the same as when an outcome is unknown.
fn merge(total: usize, indices: &[Vec<usize>], answers: Vec<Result<Appended, LogError>>) -> Result<Appended, LogError> {
    let mut outcomes = vec![Outcome::Duplicate; total];
    let (mut written, mut failed) = (false, None);
    for (indices, answer) in indices.iter().zip(answers) {
        match answer {
            Ok(appended) => {
                written = true;
                for (index, outcome) in indices.iter().zip(appended.outcomes) {
                    outcomes[*index] = outcome;
                }
            }
            Err(error @ LogError::OutcomeUnknown(_)) => failed = Some(error),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    match failed {
        None => Ok(Appended { outcomes }),
        Some(error @ LogError::OutcomeUnknown(_)) => Err(error),
        Some(error) if written => Err(LogError::OutcomeUnknown(Box::new(error))),
        Some(error) => Err(error),
    }
}

const fn refused<T>(error: &TrySendError<T>) -> LogError {
    match error {
        TrySendError::Full(_) => LogError::Overloaded,
        TrySendError::Closed(_) => LogError::Closed,
    }
}

async fn outcome<T>(answered: oneshot::Receiver<Result<T, LogError>>) -> Result<T, LogError> {
    // No answer at all: the writer died in the middle of it.
    answered.await.unwrap_or_else(|gone| Err(LogError::OutcomeUnknown(Box::new(gone))))
}
