use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::protocol_document::ProtocolDocument;
use super::server::PATIENCE;

/// A client that reads JSON frames, and compares each with what the server says of them; it answers pings while it reads.
pub(super) struct Client {
    pub(super) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(super) pings: u32,
    pub(super) document: Arc<ProtocolDocument>,
}

impl Client {
    pub(super) async fn connect(url: &str) -> Self {
        let document = ProtocolDocument::of(url).await;
        let (socket, _) = connect_async(url).await.unwrap();
        Self { socket, pings: 0, document }
    }

    pub(super) async fn send(&mut self, frame: &Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(super) async fn send_text(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    pub(super) async fn send_binary(&mut self, bytes: Vec<u8>) {
        self.socket.send(Message::Binary(Bytes::from(bytes))).await.unwrap();
    }

    /// The next message; none at the end.
    async fn message(&mut self) -> Option<Message> {
        timeout(PATIENCE, self.socket.next()).await.expect("something comes").and_then(Result::ok)
    }

    /// The next frame that is not a heartbeat.
    pub(super) async fn frame(&mut self) -> Value {
        loop {
            match self.message().await.expect("the connection stays") {
                Message::Text(text) => {
                    let frame: Value = serde_json::from_str(&text).unwrap();
                    self.document.assert_describes(&frame);
                    if frame["type"] != "heartbeat" {
                        return frame;
                    }
                }
                Message::Ping(_) => self.pings += 1,
                other => panic!("unexpected {other:?}"),
            }
        }
    }

    /// The next frame of this type; others are passed over.
    pub(super) async fn frame_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().await;
            if frame["type"] == kind {
                return frame;
            }
        }
    }

    /// Reads until the server has sent `count` pings.
    pub(super) async fn await_pings(&mut self, count: u32) {
        while self.pings < count {
            if let Message::Ping(_) = self.message().await.expect("the connection stays") {
                self.pings += 1;
            }
        }
    }

    /// Subscribes to everything, and answers the snapshot.
    pub(super) async fn subscribe(&mut self) -> Value {
        self.send(&json!({"type": "subscribe"})).await;
        assert_eq!(self.frame().await["type"], "subscribed");
        let snapshot = self.frame().await;
        assert_eq!(snapshot["type"], "snapshot");
        snapshot
    }

    /// Reads to the end, and answers the close code.
    pub(super) async fn close_code(&mut self) -> Option<u16> {
        while let Some(message) = self.message().await {
            if let Message::Close(frame) = message {
                return frame.map(|CloseFrame { code, .. }| code.into());
            }
        }
        None
    }
}
