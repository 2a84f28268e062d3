use std::sync::Arc;

use domain::{Command, Sample, Subject, Timestamp};
use durable_log::{Appended, EngineCommit, Fence, LogError, Partition};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Where an answer goes. That nobody waits for it any more is no failure.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, LogError>>;

/// What the writer is asked to do.
pub(crate) enum Work {
    Append(Vec<Sample>, Answer<Appended>),
    Command(Subject, Command, Answer<u64>),
    Claim(Partition, Answer<Fence>),
    Commit(Box<EngineCommit>, Answer<u64>),
    Prune { before: Timestamp, limit: u32, answer: Answer<u64> },
}

impl Work {
    /// How many rows it is about to write.
    pub(crate) fn rows(&self) -> usize {
        match self {
            Self::Append(samples, _) => samples.len(),
            Self::Command(..) | Self::Claim(..) => 1,
            Self::Commit(commit, _) => commit.events.len() + commit.subjects.len(),
            Self::Prune { limit, .. } => *limit as usize,
        }
    }

    /// Answers that it could not be done.
    pub(crate) fn refuse(self, error: LogError) {
        match self {
            Self::Append(_, answer) => drop(answer.send(Err(error))),
            Self::Command(_, _, answer) | Self::Commit(_, answer) | Self::Prune { answer, .. } => {
                drop(answer.send(Err(error)));
            }
            Self::Claim(_, answer) => drop(answer.send(Err(error))),
        }
    }
}

/// Work with the room that it takes in the queue.
pub(crate) struct Request {
    pub(crate) work: Work,
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// The writer's door. Two bounds hold: on requests, so that their number stays small, and on samples, so that their
/// memory does.
pub(crate) struct Queue {
    sender: mpsc::Sender<Request>,
    room: Arc<Semaphore>,
    samples: u32,
}

impl Queue {
    /// A queue and its other end.
    pub(crate) fn new(requests: usize, samples: u32) -> (Self, mpsc::Receiver<Request>) {
        let (sender, receiver) = mpsc::channel(requests.max(1));
        let samples = samples.max(1);
        (Self { sender, room: Arc::new(Semaphore::new(samples as usize)), samples }, receiver)
    }

    /// Queues samples, or refuses at once when there is no room. A call that is larger than the whole queue may go in
    /// when the queue is empty.
    pub(crate) async fn append(&self, samples: Vec<Sample>) -> Result<Appended, LogError> {
        let rows = u32::try_from(samples.len()).unwrap_or(u32::MAX).min(self.samples);
        let room = Arc::clone(&self.room).try_acquire_many_owned(rows);
        if self.sender.is_closed() {
            return Err(LogError::Closed);
        }
        let room = room.map_err(|_| LogError::Overloaded)?;
        let (answer, answered) = oneshot::channel();
        self.try_send(Request { work: Work::Append(samples, answer), room: Some(room) })?;
        outcome(answered).await
    }

    /// Queues a command, or refuses at once when there is no room.
    pub(crate) async fn command(&self, subject: Subject, command: Command) -> Result<u64, LogError> {
        let (answer, answered) = oneshot::channel();
        self.try_send(Request { work: Work::Command(subject, command, answer), room: None })?;
        outcome(answered).await
    }

    /// Queues work that waits its turn however full the queue is.
    pub(crate) async fn wait<T>(&self, work: impl FnOnce(Answer<T>) -> Work) -> Result<T, LogError> {
        let (answer, answered) = oneshot::channel();
        let request = Request { work: work(answer), room: None };
        self.sender.send(request).await.map_err(|_| LogError::Closed)?;
        outcome(answered).await
    }

    fn try_send(&self, request: Request) -> Result<(), LogError> {
        self.sender.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => LogError::Overloaded,
            TrySendError::Closed(_) => LogError::Closed,
        })
    }
}

async fn outcome<T>(answered: oneshot::Receiver<Result<T, LogError>>) -> Result<T, LogError> {
    // No answer at all: the writer died in the middle of it.
    answered.await.unwrap_or_else(|gone| Err(LogError::OutcomeUnknown(Box::new(gone))))
}
