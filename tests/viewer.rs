//! A WebSocket client, with a deadline on everything it waits for.

use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use rustls::ClientConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::suite::PATIENCE;

/// What a socket goes over.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// How a socket is reached.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) url: String,
    pub(crate) address: String,
    /// Whom to believe, where there is TLS.
    pub(crate) tls: Option<Arc<ClientConfig>>,
}

impl Way {
    /// To the service at this address.
    pub(crate) fn to(service: &str) -> Self {
        let address = service.split_once("://").expect("an address").1.to_owned();
        Self { url: format!("{}/ws", service.replacen("http", "ws", 1)), address, tls: None }
    }

    /// Opens one, if there is somebody to answer.
    pub(crate) async fn open(&self) -> anyhow::Result<WebSocketStream<Box<dyn Wire>>> {
        let connection = TcpStream::connect(&self.address).await?;
        let wire: Box<dyn Wire> = match &self.tls {
            None => Box::new(connection),
            Some(tls) => Box::new(TlsConnector::from(tls.clone()).connect("localhost".try_into()?, connection).await?),
        };
        Ok(client_async(&self.url, wire).await?.0)
    }
}

/// An open WebSocket of a dashboard.
pub(crate) struct Viewer {
    socket: WebSocketStream<Box<dyn Wire>>,
}

impl Viewer {
    /// Connects to the service at this address.
    pub(crate) async fn connect(service: &str) -> Self {
        let opened = timeout(PATIENCE, Way::to(service).open()).await.expect("opened in time");
        Self { socket: opened.expect("opened") }
    }

    /// Opens one over a connection that stands, as a page of `origin`; the status, where that is refused.
    pub(crate) async fn over(wire: impl Wire + 'static, url: &str, origin: &str) -> Result<Self, u16> {
        let mut request = url.into_client_request().expect("an address");
        request.headers_mut().insert("origin", origin.parse().expect("an origin"));
        let wire: Box<dyn Wire> = Box::new(wire);
        match timeout(PATIENCE, client_async(request, wire)).await.expect("opened in time") {
            Ok((socket, _)) => Ok(Self { socket }),
            Err(tungstenite::Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{url}: {error}"),
        }
    }

    /// The next frame; nothing when the connection is lost.
    pub(crate) async fn next_or_end(&mut self) -> Option<Value> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message or an end in time") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).expect("a frame is JSON")),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Connects, subscribes to everything, and answers the snapshot.
    pub(crate) async fn with_snapshot(service: &str) -> (Self, Value) {
        let mut viewer = Self::connect(service).await;
        viewer.send(&json!({"type": "subscribe"})).await;
        assert_eq!(viewer.next().await["resumed"], false);
        let snapshot = viewer.next().await;
        assert_eq!(snapshot["type"], "snapshot");
        (viewer, snapshot)
    }

    /// Sends a frame.
    pub(crate) async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    /// Sends a text, be it a frame or not.
    pub(crate) async fn send_text(&mut self, text: &str) {
        let sent = timeout(PATIENCE, self.socket.send(Message::text(text))).await;
        sent.expect("sent in time").expect("sent");
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).expect("a frame is JSON"),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    /// The next frame of this type; others are passed over.
    pub(crate) async fn next_of(&mut self, kind: &str) -> Value {
        let search = async {
            loop {
                let frame = self.next().await;
                if frame["type"] == kind {
                    return frame;
                }
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("no frame `{kind}` within {PATIENCE:?}"))
    }

    /// Waits until the server closes it, and answers the code.
    pub(crate) async fn closed(&mut self) -> u16 {
        let search = async {
            loop {
                if let Message::Close(frame) = self.message().await {
                    return frame.expect("a code").code.into();
                }
            }
        };
        timeout(PATIENCE, search).await.expect("closed in time")
    }

    async fn message(&mut self) -> Message {
        let message = timeout(PATIENCE, self.socket.next()).await.expect("a message in time");
        message.expect("the connection stands").expect("a message")
    }
}
