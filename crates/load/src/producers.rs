//! Producers at a fixed rate, whatever becomes of what they sent.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use bytes::Bytes;
use reqwest::{StatusCode, header};
use serde::Deserialize;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::clock::Clock;
use crate::recorder::Recorder;
use crate::schedule::Schedule;
use crate::tally::{Sent, add};
use crate::{Error, Plan, Target, samples};

/// The first wait before the same is sent again; it doubles.
const SHORTEST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// What all producers share.
pub(crate) struct Producers {
    pub(crate) target: Target,
    pub(crate) plan: Plan,
    pub(crate) schedule: Schedule,
    pub(crate) clock: Clock,
    pub(crate) sent: Arc<Sent>,
    /// From due to acknowledged, or until it was given up: it took at least so long.
    pub(crate) took: Arc<Recorder>,
}

#[derive(Deserialize)]
struct Answer {
    accepted: u64,
    duplicate: u64,
    rejected: u64,
    rejections: Vec<Rejection>,
}

#[derive(Deserialize)]
struct Rejection {
    index: u64,
}

type Next = Arc<Mutex<mpsc::Receiver<u64>>>;

impl Producers {
    /// Sends all of it, and ends when everything is answered or can no longer be.
    pub(crate) async fn send(self: Arc<Self>) -> Result<(), Error> {
        // Who is late finds more waiting here; what is due is counted, not kept, so that nothing piles up.
        let (due, next) = mpsc::channel(self.plan.connections);
        let next = Arc::new(Mutex::new(next));
        let mut producers = JoinSet::new();
        for number in 0..self.plan.connections {
            producers.spawn(Arc::clone(&self).produce(number, Arc::clone(&next)));
        }
        drop(next);
        // A thread of its own: the runtime's timers are no finer than a millisecond.
        let (clock, schedule) = (self.clock, self.schedule);
        std::thread::spawn(move || keep_time(clock, schedule, &due));
        while let Some(ended) = producers.join_next().await {
            ended.expect("a producer does not panic")?;
        }
        Ok(())
    }

    async fn produce(self: Arc<Self>, number: usize, next: Next) -> Result<(), Error> {
        loop {
            let Some(batch) = next.lock().await.recv().await else { return Ok(()) };
            self.answered(number, batch).await?;
        }
    }

    /// Sends a batch until it is answered: the same again does no harm, because its samples bear their times.
    async fn answered(&self, number: usize, batch: u64) -> Result<(), Error> {
        let end = self.schedule.due(self.schedule.batches()).plus(self.plan.patience);
        if self.clock.now() > end {
            self.give_up(number, batch, &self.sent.unsent);
            return Ok(());
        }
        let body = Bytes::from(samples::body(&self.schedule, &self.plan.prefix, batch));
        let mut wait = SHORTEST_WAIT;
        while self.clock.now() <= end {
            match self.post(body.clone()).await? {
                Ok(answer) => {
                    self.note(number, batch, &answer);
                    return Ok(());
                }
                Err(why) => add(why, 1),
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
        self.give_up(number, batch, &self.sent.unknown);
        Ok(())
    }

    /// Asks once; where there is use in asking again, answers what to count that as.
    async fn post(&self, body: Bytes) -> Result<Result<Answer, &AtomicU64>, Error> {
        let (busy, broken) = (&self.sent.busy, &self.sent.broken);
        let request = self.target.client.post(self.target.door.clone());
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body);
        let Ok(Ok(answer)) = timeout(self.plan.patience, request.send()).await else { return Ok(Err(broken)) };
        match answer.status() {
            StatusCode::OK | StatusCode::UNPROCESSABLE_ENTITY => Ok(answer.json().await.map_err(|_| broken)),
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Ok(Err(busy)),
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => Ok(Err(broken)),
            _ => Err(Error::Refused { url: self.target.door.clone(), answer: Box::new(answer) }),
        }
    }

    fn note(&self, number: usize, batch: u64, answer: &Answer) {
        let took = self.clock.now().since(self.schedule.due(batch));
        let stored = answer.accepted + answer.duplicate;
        add(&self.sent.rejected, answer.rejected);
        let samples = self.schedule.samples(batch);
        let mut from = samples.start;
        for rejection in &answer.rejections {
            self.sent.note(from..samples.start + rejection.index);
            from = samples.start + rejection.index + 1;
        }
        self.sent.note(from..samples.end);
        if self.schedule.is_measured(batch) && stored > 0 {
            self.took.record(number, took, stored);
            add(&self.sent.measured, stored);
        }
        add(&self.sent.acknowledged, stored);
    }

    /// Its time counts as well: a service that hangs for good would else be told to be as fast as it was before.
    fn give_up(&self, number: usize, batch: u64, count_as: &AtomicU64) {
        let (took, samples) = (self.clock.now().since(self.schedule.due(batch)), self.schedule.size());
        if self.schedule.is_measured(batch) {
            self.took.record(number, took, samples);
        }
        add(count_as, samples);
    }
}

/// Gives each batch away when it is due. When nobody is free it is given away late, and its delay counts all the same.
fn keep_time(clock: Clock, schedule: Schedule, due: &mpsc::Sender<u64>) {
    for batch in 0..schedule.batches() {
        std::thread::sleep(clock.until(schedule.due(batch)));
        // Nobody wants it any more: a producer has told why.
        if due.blocking_send(batch).is_err() {
            return;
        }
    }
}
