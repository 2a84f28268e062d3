//! Questions to a running service.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

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
    url: Url,
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
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().timeout(TIMEOUT).build().context("preparing HTTP")?;
        Ok(Self { client, url: url.clone() })
    }

    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, String)],
        body: Body<'_>,
    ) -> anyhow::Result<T> {
        let mut url = self.url.join(path).context("the address cannot be used")?;
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
        let status = answer.status();
        let body = answer.bytes().await.context("reading the answer")?;
        if !status.is_success() {
            let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
            anyhow::bail!("{}", problem["detail"].as_str().unwrap_or(status.as_str()));
        }
        serde_json::from_slice(&body).context("the answer is not what this version expects")
    }
}
