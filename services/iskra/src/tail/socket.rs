//! How a socket is opened: by the same client as all that is asked, so that both believe the same certificates and show
//! the same token.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Client, Response, StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use url::Url;

use super::Ended;
use crate::server::Server;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(10);

/// Where a service streams.
pub(super) struct Door {
    server: Server,
    client: Client,
    url: Url,
}

impl Door {
    pub(super) fn at(url: &Url) -> anyhow::Result<Self> {
        let server = Server::at(url)?;
        // What is opened stays open.
        Ok(Self { url: server.address("/ws")?, client: server.client(None)?, server })
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Opens a socket; or says whether there is use in coming back.
    pub(super) async fn open(&self) -> Result<WebSocketStream<Upgraded>, Ended> {
        let lost = |error: anyhow::Error| Ended::Lost(format!("{error:#}"));
        let key = generate_key();
        let answer = match tokio::time::timeout(CONNECT, self.ask(&key)).await {
            Ok(answer) => answer.map_err(lost)?,
            Err(_) => return Err(Ended::Lost("no answer".to_owned())),
        };
        match answer.status() {
            StatusCode::SWITCHING_PROTOCOLS => upgraded(answer, &key).await.map_err(lost),
            status if Server::is_about_us(status) => {
                Err(Ended::Refused(format!("{}: {:#}", self.url, self.server.refusal(answer).await)))
            }
            status => Err(Ended::Lost(format!("it answered {status}"))),
        }
    }

    async fn ask(&self, key: &str) -> anyhow::Result<Response> {
        let asked = self.client.get(self.url.clone()).header(CONNECTION, "upgrade").header(UPGRADE, "websocket");
        let asked = asked.header(SEC_WEBSOCKET_VERSION, "13").header(SEC_WEBSOCKET_KEY, key);
        Ok(asked.send().await.map_err(reqwest::Error::without_url)?)
    }
}

async fn upgraded(answer: Response, key: &str) -> anyhow::Result<WebSocketStream<Upgraded>> {
    let is_ours =
        answer.headers().get(SEC_WEBSOCKET_ACCEPT).is_some_and(|accept| *accept == *derive_accept_key(key.as_bytes()));
    ensure!(is_ours, "what answers there is not a WebSocket");
    let connection = answer.upgrade().await.context("the connection ended")?;
    Ok(WebSocketStream::from_raw_socket(connection, Role::Client, None).await)
}
