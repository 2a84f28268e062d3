//! Producers that send without pause and without doubt: what was not answered is sent again, and every acknowledgement
//! is written down.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use domain::{Draft, Sample, Subject, Timestamp};
use reqwest::header::RETRY_AFTER;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::suite::PATIENCE;

/// Producers that send at the same time, each about its own subjects.
const PRODUCERS: usize = 4;
/// Subjects of each producer.
const SUBJECTS: i64 = 3;
/// Samples in one request.
const BATCH: i64 = 12;
/// From one request of a producer to its next.
const PACE: Duration = Duration::from_millis(60);
/// How long one request may take: what a silent server holds is soon sent to another.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Before a request is repeated.
const PAUSE: Duration = Duration::from_millis(50);

/// What identifies a sample.
pub(crate) type Key = (Subject, Timestamp);

pub(crate) fn key(sample: &Sample) -> Key {
    (sample.subject.clone(), sample.at)
}

/// What was sent, and what of it was acknowledged.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    pub(crate) sent: HashMap<Key, Sample>,
    pub(crate) acknowledged: HashSet<Key>,
    /// What became of requests that were not taken at once.
    pub(crate) failed: Vec<String>,
}

/// Notes in a ledger that several producers share.
#[derive(Clone)]
pub(crate) struct Book {
    ledger: Arc<Mutex<Ledger>>,
    timeout: Duration,
}

impl Default for Book {
    fn default() -> Self {
        Self { ledger: Arc::default(), timeout: TIMEOUT }
    }
}

impl Book {
    /// Of producers who wait for their answers.
    pub(crate) fn patient() -> Self {
        Self { timeout: PATIENCE, ..Self::default() }
    }

    /// The ledger as it is now.
    pub(crate) fn ledger(&self) -> Ledger {
        self.with(|ledger| ledger.clone())
    }

    /// How much was acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.with(|ledger| ledger.acknowledged.len())
    }

    /// Sends `body` once, to `pulse`, and notes it. Answers the status, or none when there was no answer.
    pub(crate) async fn send(&self, client: &Client, pulse: &str, body: &[Value]) -> Option<StatusCode> {
        let samples: Vec<Sample> = body.iter().map(read).collect();
        self.with(|ledger| ledger.sent.extend(samples.iter().map(|sample| (key(sample), sample.clone()))));
        let request = client.post(format!("{pulse}/api/v1/samples")).json(body).timeout(self.timeout);
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                self.with(|ledger| ledger.failed.push(format!("{:#}", anyhow::Error::new(error))));
                return None;
            }
        };
        let status = answer.status();
        if status == StatusCode::OK {
            let report: Value = answer.json().await.ok()?;
            let taken = report["accepted"].as_u64().unwrap() + report["duplicate"].as_u64().unwrap();
            assert_eq!(taken, body.len() as u64, "{report}");
            self.with(|ledger| ledger.acknowledged.extend(samples.iter().map(key)));
        } else {
            self.with(|ledger| ledger.failed.push(status.to_string()));
            assert!(answer.headers().contains_key(RETRY_AFTER), "{status} without a word on when to come back");
        }
        Some(status)
    }

    /// Sends `body` until it is acknowledged, to one of `pulses` after the other, beginning with number `first`.
    pub(crate) async fn deliver(&self, client: &Client, pulses: &[String], first: usize, body: &[Value]) {
        for attempt in first.. {
            match self.send(client, &pulses[attempt % pulses.len()], body).await {
                Some(StatusCode::OK) => return,
                // Nothing is said against the samples: they may come again.
                None | Some(StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) => {}
                Some(status) => panic!("answered {status}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Ledger) -> T) -> T {
        work(&mut self.ledger.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the server makes of it.
fn read(json: &Value) -> Sample {
    let draft = Draft::parse(&json.to_string(), None).expect("a sample is good");
    let at = draft.at.expect("a sample says its time");
    Sample { subject: draft.subject, at, vitals: draft.vitals, signals: draft.signals }
}

/// Producers at work; they end when dropped.
pub(crate) struct Load {
    book: Book,
    stop: CancellationToken,
    producers: JoinSet<()>,
}

impl Load {
    /// Begins to send to all of `pulses` in turn.
    pub(crate) fn start(book: &Book, client: &Client, pulses: &[String]) -> Self {
        let (book, stop) = (book.clone(), CancellationToken::new());
        let mut producers = JoinSet::new();
        for producer in 0..PRODUCERS {
            producers.spawn(produce(producer, book.clone(), client.clone(), pulses.to_vec(), stop.clone()));
        }
        Self { book, stop, producers }
    }

    /// Waits until so much more was acknowledged.
    pub(crate) async fn more(&self, samples: usize) {
        let aim = self.book.acknowledged() + samples;
        crate::suite::eventually("samples are taken", async || (self.book.acknowledged() >= aim).then_some(())).await;
    }

    /// Ends it once everything that was sent is acknowledged.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let ended = async {
            while let Some(ended) = self.producers.join_next().await {
                ended.expect("a producer was answered as it should be");
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("what was sent is taken in the end");
    }
}

async fn produce(producer: usize, book: Book, client: Client, pulses: Vec<String>, stop: CancellationToken) {
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for round in 0.. {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = pace.tick() => {}
        }
        book.deliver(&client, &pulses, producer + round, &batch(producer, round)).await;
    }
}

/// Samples of now, each at a moment of its own. Now and then pain crosses an edge, so that the engine has much to say.
fn batch(producer: usize, round: usize) -> Vec<Value> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    let sample = |index: i64| {
        let pain =
            if (round / 8).is_multiple_of(2) { 0.30 } else { 0.55 } + f64::from(u8::try_from(index).unwrap()) / 1_000.0;
        json!({
            "subject": format!("agent-{producer}-{}", index % SUBJECTS), "at": Timestamp::from_micros(now + index),
            "clarity": 0.8, "chaos": 0.45, "trust": 0.7, "pain": pain, "signals": {"round": round, "is_test": true},
        })
    };
    (0..BATCH).map(sample).collect()
}
