//! How a socket is opened: by the same client as all that is asked, so that both believe the same certificates and show
//! the same token.

use std::time::Duration;

use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{Client, Response, StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use url::Url;

/// How long it may take to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// The library's own would cost 128 KiB for each socket.
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// Why there is no socket.
#[derive(Debug)]
pub enum NotOpened {
    /// The answer was another one than a socket.
    Answered(Box<Response>),
    /// There was none.
    Lost(String),
}

/// Opens a socket.
///
/// # Errors
///
/// What came instead.
pub async fn open(client: &Client, url: &Url) -> Result<WebSocketStream<Upgraded>, NotOpened> {
    let key = generate_key();
    let lost = |error: reqwest::Error| NotOpened::Lost(chain(&error.without_url()));
    let asked = client.get(url.clone()).header(CONNECTION, "upgrade").header(UPGRADE, "websocket");
    let asked = asked.header(SEC_WEBSOCKET_VERSION, "13").header(SEC_WEBSOCKET_KEY, &key);
    let answer = match tokio::time::timeout(CONNECT, asked.send()).await {
        Ok(answer) => answer.map_err(lost)?,
        Err(_) => return Err(NotOpened::Lost("no answer".to_owned())),
    };
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(NotOpened::Answered(Box::new(answer)));
    }
    let accept = answer.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accept.is_none_or(|accept| *accept != *derive_accept_key(key.as_bytes())) {
        return Err(NotOpened::Lost("what answers there is not a WebSocket".to_owned()));
    }
    let connection = answer.upgrade().await.map_err(lost)?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    Ok(WebSocketStream::from_raw_socket(connection, Role::Client, Some(config)).await)
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
