use std::time::Duration;

use anyhow::Context as _;
use domain::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use settings::Secrets;
use sources::{Credentials, Promql};
use url::{Url, form_urlencoded};

/// Largest answer, unpacked: some ten thousand series with their labels.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// A server that speaks the query API.
pub(super) struct Server {
    client: Client,
    url: Url,
    credentials: Option<Credentials>,
    secrets: Secrets,
}

/// What a server wants to see, with its secret. It has no way to be shown.
pub(super) enum Authorization {
    None,
    Bearer(String),
    Basic(String, String),
}

/// The client of all servers. A redirect would carry a secret to an address that nobody has approved of. Proxies of the
/// environment are used: where services may not reach the outside by themselves, they are the way there.
pub(super) fn client() -> anyhow::Result<Client> {
    let agent = concat!("iskra/", env!("CARGO_PKG_VERSION"));
    Client::builder().redirect(Policy::none()).user_agent(agent).build().context("making an HTTP client")
}

impl Server {
    pub(super) fn new(client: Client, source: &Promql, secrets: Secrets) -> anyhow::Result<Self> {
        let url = source.url.join("api/v1/query").context("the address of the query API")?;
        Ok(Self { client, url, credentials: source.credentials.clone(), secrets })
    }

    /// Reads the secret. It may stand in a file, and a file may be slow: other tasks go on meanwhile.
    pub(super) async fn authorization(&self) -> anyhow::Result<Authorization> {
        let (variable, user) = match &self.credentials {
            None => return Ok(Authorization::None),
            Some(Credentials::Token(variable)) => (variable.clone(), None),
            Some(Credentials::Basic { user, password }) => (password.clone(), Some(user.clone())),
        };
        let secrets = self.secrets.clone();
        let text = tokio::task::spawn_blocking(move || secrets.text(&variable)).await??;
        let secret = text.trim().to_owned();
        Ok(user
            .map_or_else(|| Authorization::Bearer(secret.clone()), |user| Authorization::Basic(user, secret.clone())))
    }

    /// The status and the body of the answer to `query` as of `at`, which the server is to give up after `patience`. As a
    /// form, because queries may be longer than an address may be.
    pub(super) async fn ask(
        &self,
        query: &str,
        authorization: &Authorization,
        at: Timestamp,
        patience: Duration,
    ) -> anyhow::Result<(StatusCode, Vec<u8>)> {
        let request = self.client.post(self.url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = authorization.show(request).body(form(query, at, patience));
        let response = request.send().await.map_err(reqwest::Error::without_url)?;
        let status = response.status();
        Ok((status, read(response).await?))
    }
}

impl Authorization {
    fn show(&self, request: RequestBuilder) -> RequestBuilder {
        match self {
            Self::None => request,
            Self::Bearer(token) => request.bearer_auth(token),
            Self::Basic(user, password) => request.basic_auth(user, Some(password)),
        }
    }
}

fn form(query: &str, at: Timestamp, patience: Duration) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("query", query).append_pair("time", &seconds(at));
    form.append_pair("timeout", &format!("{}ms", patience.as_millis()));
    // Thanos and VictoriaMetrics may answer from a part of their data otherwise.
    form.append_pair("partial_response", "false").append_pair("deny_partial_response", "1");
    form.finish()
}

/// To the millisecond, as the query API counts.
fn seconds(at: Timestamp) -> String {
    let millis = at.as_micros().div_euclid(1_000);
    format!("{}.{:03}", millis.div_euclid(1_000), millis.rem_euclid(1_000))
}

async fn read(mut response: Response) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        anyhow::ensure!(body.len() + chunk.len() <= MOST_BYTES, "the answer is larger than {MOST_BYTES} bytes");
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
