//! What lies between a service and its database. It can keep transactions from beginning, so that a service may be caught
//! with something that it is about to write; and it can be narrow, so that any machine sends more than gets through.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

/// How a client says that a transaction begins.
const BEGIN: &[u8] = b"BEGIN";
/// Most bytes that are passed on at once.
const CHUNK: usize = 16 * 1024;

#[derive(Clone, Copy, Default)]
struct State {
    holds: bool,
    /// Of each connection, towards the database; none for as much as comes.
    bytes_per_second: Option<u32>,
}

/// A listener that hands everything on to the database; gone when dropped.
pub(crate) struct Wire {
    url: String,
    state: watch::Sender<State>,
    task: JoinHandle<()>,
}

impl Wire {
    /// One to the database at `url`.
    pub(crate) async fn to(url: &str) -> Self {
        let mut url: Url = url.parse().expect("an address");
        let server = (url.host_str().expect("a host").to_owned(), url.port().expect("a port"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).expect("it can have another port");
        let (state, now) = watch::channel(State::default());
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((client, _)) = listener.accept().await else { return };
                connections.spawn(connect(client, server.clone(), now.clone()));
            }
        });
        Self { url: url.into(), state, task }
    }

    /// The database's address by way of it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on no transaction begins; those that have begun go on to their end.
    pub(crate) fn hold(&self) {
        self.state.send_modify(|state| state.holds = true);
    }

    /// From now on no more than this gets through.
    pub(crate) fn narrow(&self, bytes_per_second: u32) {
        self.state.send_modify(|state| state.bytes_per_second = Some(bytes_per_second));
    }

    /// What was held goes on.
    pub(crate) fn release(&self) {
        self.state.send_modify(|state| state.holds = false);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Until either side ends it. When the server is not there, the client sees its connection end.
async fn connect(client: TcpStream, server: (String, u16), now: watch::Receiver<State>) -> std::io::Result<()> {
    let server = TcpStream::connect(server).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    tokio::select! {
        ended = questions(from_client, to_server, now) => ended,
        ended = copy(&mut from_server, &mut to_client) => ended.map(drop),
    }
}

async fn questions(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    mut now: watch::Receiver<State>,
) -> std::io::Result<()> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let length = client.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        let said = &buffer[..length];
        if said.windows(BEGIN.len()).any(|here| here == BEGIN) && now.wait_for(|now| !now.holds).await.is_err() {
            return Ok(());
        }
        server.write_all(said).await?;
        let bytes_per_second = now.borrow().bytes_per_second;
        if let Some(most) = bytes_per_second {
            tokio::time::sleep(Duration::from_secs_f64(length as f64 / f64::from(most))).await;
        }
    }
}
