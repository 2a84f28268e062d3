//! Producers that do not wait for each other: requests come at a fixed rate, whatever becomes of those before.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use hdrhistogram::Histogram;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::connection::Connection;
use crate::report::{histogram, record};
use crate::samples::{Batches, PATH};

/// Requests that may be under way at once.
const CONNECTIONS: usize = 512;
/// Requests that may wait for a connection; one that is due when so many wait is not sent, and counted as such.
const WAITING: usize = 64;
/// When a producer gives a request up.
const PATIENCE: Duration = Duration::from_secs(10);
const SUBJECTS: usize = 1_000;

/// What became of the requests.
pub(crate) struct Outcome {
    /// Of those that were answered.
    pub(crate) by_status: BTreeMap<u16, u64>,
    /// The connection failed, or no answer came in time.
    pub(crate) broken: u64,
    /// All connections were busy with others.
    pub(crate) unsent: u64,
    /// From the moment at which an accepted request was due to its acknowledgement.
    pub(crate) took: Histogram<u64>,
}

impl Outcome {
    fn new() -> Self {
        Self { by_status: BTreeMap::new(), broken: 0, unsent: 0, took: histogram() }
    }

    pub(crate) fn offered(&self) -> u64 {
        self.by_status.values().sum::<u64>() + self.broken + self.unsent
    }

    pub(crate) fn accepted(&self) -> u64 {
        self.by_status.get(&StatusCode::OK.as_u16()).copied().unwrap_or_default()
    }
}

/// A request, and when it is due.
type Due = (Instant, String);

/// Offers `rate` requests a second of `size` samples each.
pub(crate) async fn offer(pulse: SocketAddr, rate: f64, size: usize, length: Duration) -> anyhow::Result<Outcome> {
    let (due, next) = mpsc::channel(WAITING);
    let next = Arc::new(Mutex::new(next));
    let mut producers = JoinSet::new();
    for _ in 0..CONNECTIONS {
        producers.spawn(produce(pulse, next.clone()));
    }
    drop(next);
    let unsent = tokio::task::spawn_blocking(move || keep_time(rate, size, length, &due));
    let mut outcome = Outcome::new();
    while let Some(ended) = producers.join_next().await {
        let more = ended?;
        outcome.took.add(more.took)?;
        outcome.broken += more.broken;
        more.by_status.into_iter().for_each(|(status, count)| *outcome.by_status.entry(status).or_default() += count);
    }
    outcome.unsent = unsent.await?;
    Ok(outcome)
}

/// Gives each request away when it is due, and answers how many nobody could take.
fn keep_time(rate: f64, size: usize, length: Duration, due: &mpsc::Sender<Due>) -> u64 {
    let mut batches = Batches::new("many".to_owned(), SUBJECTS);
    let (start, mut unsent) = (Instant::now(), 0);
    for index in 0.. {
        let at = Duration::from_secs_f64(f64::from(index) / rate);
        if at >= length {
            break;
        }
        let body = batches.next(size);
        std::thread::sleep((start + at).saturating_duration_since(Instant::now()));
        match due.try_send((start + at, body)) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => unsent += 1,
            Err(mpsc::error::TrySendError::Closed(_)) => break,
        }
    }
    unsent
}

async fn produce(pulse: SocketAddr, next: Arc<Mutex<mpsc::Receiver<Due>>>) -> Outcome {
    let mut outcome = Outcome::new();
    let mut connection = None;
    loop {
        let Some((due, body)) = next.lock().await.recv().await else { return outcome };
        match timeout(PATIENCE, send(&mut connection, pulse, body)).await {
            Ok(Ok(status)) => {
                *outcome.by_status.entry(status.as_u16()).or_default() += 1;
                if status == StatusCode::OK {
                    record(&mut outcome.took, due.elapsed());
                }
            }
            Ok(Err(_)) | Err(_) => {
                outcome.broken += 1;
                connection = None;
            }
        }
    }
}

async fn send(connection: &mut Option<Connection>, pulse: SocketAddr, body: String) -> anyhow::Result<StatusCode> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(pulse).await?,
    };
    let (status, _) = open.try_post(PATH, body).await?;
    // The server has not read what it refused, and ends such a connection.
    *connection = Some(open).filter(|_| status == StatusCode::OK);
    Ok(status)
}
