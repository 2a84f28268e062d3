//! A browser's side of a WebSocket: says what it wants, and hears of samples.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use domain::Timestamp;
use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

/// How long anything may take that is expected to happen soon.
const PATIENCE: Duration = Duration::from_secs(20);
/// The library's own would cost 128 KiB for each viewer.
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// A viewer that has said what it wants.
pub(crate) struct Viewer {
    socket: WebSocketStream<TcpStream>,
}

/// What matters of a frame here.
#[derive(Deserialize)]
pub(crate) struct Frame<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: &'a str,
    /// How far the viewer has come with it.
    pub(crate) cursor: Option<&'a str>,
    /// In heartbeats: `live` or `polling`.
    pub(crate) bus: Option<&'a str>,
    /// Samples, one by one.
    #[serde(default)]
    pub(crate) samples: Vec<Sample>,
    /// Summaries for a lagging viewer.
    #[serde(default)]
    pub(crate) merged: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
pub(crate) struct Sample {
    /// When it was due.
    pub(crate) at: Timestamp,
}

impl Viewer {
    /// Connects, and waits until it has the present. `wants` are further members of the subscription.
    pub(crate) async fn open(address: SocketAddr, wants: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
        let url = format!("ws://{address}/ws");
        let (socket, _) = client_async_with_config(url, stream, Some(config)).await?;
        let mut viewer = Self { socket };
        viewer.socket.send(Message::text(format!(r#"{{"type":"subscribe"{wants}}}"#))).await?;
        viewer.wait_for(|frame| frame.kind == "snapshot").await.context("the first picture")?;
        Ok(viewer)
    }

    /// Where the stream is, at its next frame.
    pub(crate) async fn cursor(&mut self) -> anyhow::Result<String> {
        let mut cursor = None;
        let is_told = |frame: &Frame<'_>| {
            cursor = frame.cursor.map(str::to_owned);
            cursor.is_some()
        };
        self.wait_for(is_told).await?;
        cursor.context("it was told")
    }

    /// Reads frames until one is the right one.
    pub(crate) async fn wait_for(&mut self, mut is_it: impl FnMut(&Frame<'_>) -> bool) -> anyhow::Result<()> {
        let wait = async {
            loop {
                let text = self.next().await?;
                if is_it(&serde_json::from_str(&text)?) {
                    return Ok(());
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.context("it did not come in time")?
    }

    /// The next text.
    async fn next(&mut self) -> anyhow::Result<tokio_tungstenite::tungstenite::Utf8Bytes> {
        loop {
            match self.socket.next().await.context("the socket was closed")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(close) => anyhow::bail!("sent away: {close:?}"),
                _ => {}
            }
        }
    }

    /// Reads whatever comes, for ever.
    pub(crate) async fn look_on(mut self) -> anyhow::Result<()> {
        loop {
            self.next().await?;
        }
    }
}
