//! One who sends messages at a fixed rate to whatever server: each carries the moment at which it was due.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use hdrhistogram::Histogram;
use memchr::memmem;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::connection::Connection;
use crate::peers::Door;
use crate::report::{histogram, record};
use crate::samples::{now, sample};

/// Requests that may be under way at once.
const CONNECTIONS: usize = 16;
/// Bodies that may wait for one of them; then the sender is late, which counts.
const WAITING: usize = 1_024;
/// Subjects that take turns.
const SUBJECTS: u64 = 10;

/// What is sent.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Messages a second.
    pub(crate) rate: f64,
    /// Those that are due within so long are sent together; zero sends each alone.
    pub(crate) gather: Duration,
    pub(crate) length: Duration,
}

impl Load {
    pub(crate) fn messages(self) -> u64 {
        (self.rate * self.length.as_secs_f64()).round() as u64
    }
}

/// When each request was due, and how long after that it was acknowledged; nothing where a server does not do that.
#[derive(Default)]
pub(crate) struct Acknowledged(Vec<(Timestamp, Duration)>);

impl Acknowledged {
    /// Of the requests that were due within these moments.
    pub(crate) fn between(&self, from: Timestamp, until: Timestamp) -> Histogram<u64> {
        let mut took = histogram();
        let due = self.0.iter().filter(|(due, _)| (from..until).contains(due));
        due.for_each(|(_, late)| record(&mut took, *late));
        took
    }
}

/// Sends all of it.
pub(crate) async fn publish(door: Door, load: Load) -> anyhow::Result<Acknowledged> {
    match door {
        Door::Http { address, path, takes_many } => {
            let (bodies, next) = mpsc::channel(WAITING);
            let next = Arc::new(Mutex::new(next));
            let mut senders = JoinSet::new();
            for _ in 0..CONNECTIONS {
                senders.spawn(post(Connection::open(address).await?, path, next.clone()));
            }
            drop(next);
            let timing = tokio::task::spawn_blocking(move || {
                keep_time(load, |due, texts| {
                    let bodies_now =
                        if takes_many && texts.len() > 1 { vec![format!("[{}]", texts.join(","))] } else { texts };
                    bodies_now.into_iter().try_for_each(|body| Ok(bodies.blocking_send((due, body))?))
                })
            });
            let mut acknowledged = Acknowledged::default();
            while let Some(ended) = senders.join_next().await {
                acknowledged.0.extend(ended??);
            }
            timing.await??;
            Ok(acknowledged)
        }
        Door::Stream { address, greeting, frame } => {
            let write = move || {
                let mut stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                stream.write_all(&greeting.says)?;
                wait_for(&mut stream, greeting.hears)?;
                keep_time(load, |_, texts| {
                    let frames: Vec<_> = texts.iter().map(|text| frame(text)).collect();
                    Ok(stream.write_all(&frames.concat())?)
                })
            };
            tokio::task::spawn_blocking(write).await??;
            Ok(Acknowledged::default())
        }
    }
}

/// Hands over the messages when they are due, those that are missed late, with the moment at which the first was due.
fn keep_time(load: Load, mut send: impl FnMut(Timestamp, Vec<String>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let (start, mut sent) = (now(), 0);
    let due = |index: u64| start.plus(Duration::from_secs_f64(index as f64 / load.rate));
    while sent < load.messages() {
        let first = due(sent);
        std::thread::sleep(first.plus(load.gather).since(now()));
        let (present, mut texts) = (now(), Vec::new());
        while sent < load.messages() && due(sent) <= present && (texts.is_empty() || !load.gather.is_zero()) {
            let subject = format!("agent-{}", sent % SUBJECTS);
            texts.push(sample(&subject, due(sent), sent.cast_signed()));
            sent += 1;
        }
        send(first, texts)?;
    }
    Ok(())
}

type Next = Arc<Mutex<mpsc::Receiver<(Timestamp, String)>>>;

async fn post(
    mut connection: Connection,
    path: &'static str,
    next: Next,
) -> anyhow::Result<Vec<(Timestamp, Duration)>> {
    let mut acknowledged = Vec::new();
    loop {
        let Some((due, body)) = next.lock().await.recv().await else { return Ok(acknowledged) };
        let (status, answer) = connection.try_post(path, body).await?;
        anyhow::ensure!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&answer));
        acknowledged.push((due, now().since(due)));
    }
}

fn wait_for(stream: &mut TcpStream, word: &[u8]) -> anyhow::Result<()> {
    let (mut heard, mut chunk) = (Vec::new(), [0; 4_096]);
    while memmem::find(&heard, word).is_none() {
        let got = stream.read(&mut chunk)?;
        anyhow::ensure!(got > 0, "the server hangs up: {}", String::from_utf8_lossy(&heard));
        heard.extend_from_slice(&chunk[..got]);
    }
    Ok(())
}
