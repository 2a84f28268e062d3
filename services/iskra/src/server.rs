//! A suite that runs: where it listens, and as whom it is spoken to.

mod token;

use std::time::Duration;

use anyhow::Context as _;
use reqwest::header::{AUTHORIZATION, HeaderMap, LOCATION};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;
use url::Url;

use self::token::Token;

/// Where a suite listens, and the token to show there.
pub(crate) struct Server {
    url: Url,
    token: Option<Token>,
}

impl Server {
    /// The one at `url`, with the token of the environment.
    pub(crate) fn at(url: &Url) -> anyhow::Result<Self> {
        Ok(Self { url: url.clone(), token: Token::from_environment()? })
    }

    /// The address of `path`, like `/api/v1/samples`, below that of the service, which behind a proxy has a path itself.
    pub(crate) fn address(&self, path: &str) -> anyhow::Result<Url> {
        let mut base = self.url.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", self.url.path()));
        }
        base.join(path.trim_start_matches('/')).context("the address cannot be used")
    }

    /// What speaks to it. Whatever takes longer than `timeout` has failed.
    pub(crate) fn client(&self, timeout: Option<Duration>) -> anyhow::Result<Client> {
        drop(rustls::crypto::ring::default_provider().install_default());
        let token = self.token.as_ref().map(|token| (AUTHORIZATION, token.header()));
        // Nobody but the one who was named is shown the token: not even on their word.
        let client = Client::builder()
            .default_headers(HeaderMap::from_iter(token))
            .redirect(redirect::Policy::none())
            .http1_only();
        let client = match timeout {
            Some(timeout) => client.timeout(timeout),
            None => client,
        };
        client.build().context("preparing HTTP")
    }

    /// Whether a status is about who we are, what our token may, or where we ask: none of it changes by coming back.
    pub(crate) fn is_about_us(status: StatusCode) -> bool {
        status.is_redirection() || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }

    /// Why a request was refused, in the words of the service, and what can be done about it.
    pub(crate) async fn refusal(&self, answer: Response) -> anyhow::Error {
        let status = answer.status();
        if status.is_redirection() {
            let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("another address");
            return anyhow::anyhow!("it sends us to {to}: is that the address to use?");
        }
        let body = answer.bytes().await.unwrap_or_default();
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        let detail = problem["detail"].as_str();
        let reason = detail.map_or_else(|| format!("it answered {status}"), str::to_owned);
        match (status, &self.token, problem["scope"].as_str()) {
            (StatusCode::UNAUTHORIZED, None, _) => anyhow::anyhow!(
                "it asks who you are: set ISKRA_TOKEN to a token, or ISKRA_TOKEN_FILE to a file with one; \
                `iskra token create NAME` makes one"
            ),
            (StatusCode::UNAUTHORIZED, Some(token), _) => anyhow::anyhow!(
                "it does not accept the token of {}: {reason}; `iskra token create NAME` makes another",
                token.origin()
            ),
            (StatusCode::FORBIDDEN, Some(token), Some(scope)) => anyhow::anyhow!(
                "it does not let the token of {} do this: {reason}; `iskra token create NAME --scope {scope}` makes \
                one that may",
                token.origin()
            ),
            _ => anyhow::anyhow!("{reason}"),
        }
    }
}

#[cfg(test)]
mod tests;
