//! What lies between viewers and a service, hands everything on, and keeps one update for itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// How many updates with samples pass before one is kept.
const PASS: usize = 500;
/// How a sample of the load begins.
const SAMPLE: &[u8] = br#"{"subject":"load-"#;

/// A listener that hands everything on to a service; gone when dropped.
pub(super) struct Thief {
    url: String,
    task: JoinHandle<()>,
    loot: Arc<Loot>,
}

#[derive(Default)]
struct Loot {
    passed: AtomicUsize,
    /// Samples.
    stolen: AtomicU64,
}

impl Thief {
    /// One before the service at this address.
    pub(super) async fn before(service: &str) -> Self {
        let server = service.strip_prefix("http://").expect("an address").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let loot = Arc::<Loot>::default();
        let his = Arc::clone(&loot);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                connections.spawn(connect(client, server.clone(), Arc::clone(&his)));
            }
        });
        Self { url, task, loot }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How many samples were in the update that he kept.
    pub(super) fn stolen(&self) -> u64 {
        self.loot.stolen.load(Ordering::SeqCst)
    }
}

impl Drop for Thief {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Loot {
    /// Whether he keeps this update.
    fn takes(&self, update: &[u8]) -> bool {
        let is_it = self.passed.fetch_add(1, Ordering::SeqCst) == PASS;
        if is_it {
            self.stolen.store(samples(update), Ordering::SeqCst);
        }
        is_it
    }
}

/// How many samples of the load a frame tells of.
fn samples(frame: &[u8]) -> u64 {
    frame.windows(SAMPLE.len()).filter(|here| *here == SAMPLE).count() as u64
}

async fn connect(client: TcpStream, server: String, loot: Arc<Loot>) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    tokio::select! {
        ended = copy(&mut from_client, &mut to_server) => ended.map(drop),
        ended = answers(from_server, to_client, loot) => ended,
    }
}

/// Hands on what the service says: an answer as it comes, and after an upgrade frame by frame.
async fn answers(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, loot: Arc<Loot>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(server.read_u8().await?);
    }
    client.write_all(&head).await?;
    if !head.starts_with(b"HTTP/1.1 101") {
        return copy(&mut server, &mut client).await.map(drop);
    }
    // Of the one whom he robs he keeps what comes before the next update too: a heartbeat would hide that one is missing,
    // until all are counted.
    let mut is_robbed = false;
    loop {
        let mut frame = vec![server.read_u8().await?, server.read_u8().await?];
        let length = match frame[1] {
            126 => {
                let length = server.read_u16().await?;
                frame.extend(length.to_be_bytes());
                u64::from(length)
            }
            127 => {
                let length = server.read_u64().await?;
                frame.extend(length.to_be_bytes());
                length
            }
            short => u64::from(short),
        };
        let head = frame.len();
        frame.resize(head + usize::try_from(length).expect("it fits into memory"), 0);
        server.read_exact(&mut frame[head..]).await?;
        let has_samples = samples(&frame[head..]) > 0;
        if has_samples && loot.takes(&frame[head..]) {
            is_robbed = true;
        } else if has_samples || !is_robbed {
            is_robbed = false;
            client.write_all(&frame).await?;
        }
    }
}
