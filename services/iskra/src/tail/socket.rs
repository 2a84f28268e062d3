use load::NotOpened;
use reqwest::{Client, Upgraded};
use tokio_tungstenite::WebSocketStream;
use url::Url;

use super::Ended;
use crate::server::Server;

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
        match load::open(&self.client, &self.url).await {
            Ok(socket) => Ok(socket),
            Err(NotOpened::Answered(answer)) if Server::is_about_us(answer.status()) => {
                Err(Ended::Refused(format!("{}: {:#}", self.url, self.server.refusal(*answer).await)))
            }
            Err(NotOpened::Answered(answer)) => Err(Ended::Lost(format!("it answered {}", answer.status()))),
            Err(NotOpened::Lost(why)) => Err(Ended::Lost(why)),
        }
    }
}
