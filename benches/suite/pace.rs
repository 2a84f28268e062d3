//! Load at a fixed rate, whatever becomes of it: each sample carries the moment at which it was due, and every delay
//! counts from there, also that of a sender which is late itself.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use hdrhistogram::Histogram;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::report::{histogram, record};
use crate::samples::{PATH, now, sample};

/// Samples a second.
pub(crate) const RATE: u32 = 1_000;
/// Requests that may be under way at once.
const CONNECTIONS: usize = 32;
/// Subjects that take turns.
const SUBJECTS: u64 = 100;

/// How many samples that are in `length`.
pub(crate) fn samples(length: Duration) -> u64 {
    length.as_secs() * u64::from(RATE)
}

/// Sends for `length`, and answers how long after its due moment each sample was acknowledged.
pub(crate) async fn send(address: SocketAddr, length: Duration) -> anyhow::Result<Histogram<u64>> {
    let (due, next) = mpsc::channel(10 * RATE as usize);
    let next = Arc::new(Mutex::new(next));
    let mut senders = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let connection = Connection::open(address).await?;
        senders.spawn(answer_for(connection, next.clone()));
    }
    drop(next);
    // A thread of its own: the runtime's timers are no finer than a millisecond.
    std::thread::spawn(move || keep_time(length, &due));
    let mut acknowledged = histogram();
    while let Some(sent) = senders.join_next().await {
        acknowledged.add(sent??)?;
    }
    Ok(acknowledged)
}

/// Says when each sample is due, at that moment; a moment that was missed is said late, not left out.
fn keep_time(length: Duration, due: &mpsc::Sender<(u64, Timestamp)>) {
    let start = now();
    for index in 0..samples(length) {
        let at = start.plus(Duration::from_micros(index * 1_000_000 / u64::from(RATE)));
        std::thread::sleep(at.since(now()));
        if due.blocking_send((index, at)).is_err() {
            return;
        }
    }
}

type Next = Arc<Mutex<mpsc::Receiver<(u64, Timestamp)>>>;

async fn answer_for(mut connection: Connection, next: Next) -> anyhow::Result<Histogram<u64>> {
    let mut acknowledged = histogram();
    loop {
        let Some((index, at)) = next.lock().await.recv().await else { return Ok(acknowledged) };
        let body = sample(&format!("agent-{}", index % SUBJECTS), at, at.as_micros() / 1_000);
        connection.post(PATH, body).await?;
        record(&mut acknowledged, now().since(at));
    }
}
