//! Questions to a running service.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::server::Server;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Asks for `path` with `query`, and answers its JSON. What the service refuses is an error in its own words.
pub(crate) fn ask<T: DeserializeOwned>(url: &Url, path: &str, query: &[(&str, String)]) -> anyhow::Result<T> {
    send(Method::GET, url, path, query, None)
}

/// The same by another method, with a body where there is one.
pub(crate) fn send<T: DeserializeOwned>(
    method: Method,
    url: &Url,
    path: &str,
    query: &[(&str, String)],
    body: Option<&Value>,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let body = body.map_or(Body::Nothing, Body::Json);
        Asker::new(url)?.send(method, path, query, body).await
    })
}

/// Somebody who asks more than once.
pub(crate) struct Asker {
    client: reqwest::Client,
    server: Server,
}

/// What is sent along.
#[derive(Clone, Copy)]
pub(crate) enum Body<'a> {
    Nothing,
    Json(&'a Value),
    Yaml(&'a str),
}

impl Asker {
    pub(crate) fn new(url: &Url) -> anyhow::Result<Self> {
        let server = Server::at(url)?;
        Ok(Self { client: server.client(Some(TIMEOUT))?, server })
    }

    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Body<'_>,
    ) -> anyhow::Result<T> {
        let mut url = self.server.address(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let request = self.client.request(method, url.clone());
        let request = match body {
            Body::Nothing => request,
            Body::Json(json) => request.json(json),
            Body::Yaml(text) => request.header(CONTENT_TYPE, "application/yaml").body(text.to_owned()),
        };
        let answer =
            request.send().await.with_context(|| format!("nobody answers at {url}: is `iskra up` running there?"))?;
        if !answer.status().is_success() {
            let is_about_us = Server::is_about_us(answer.status());
            let refusal = self.server.refusal(answer).await;
            return Err(if is_about_us { refusal.context(url) } else { refusal });
        }
        let body = answer.bytes().await.context("reading the answer")?;
        serde_json::from_slice(&body).context("the answer is not what this version expects")
    }
}
