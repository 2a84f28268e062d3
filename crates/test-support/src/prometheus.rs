use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use crate::{DEADLINE, POLL, use_tls};

const PROGRAM: &str = "prometheus";

/// A running Prometheus; killed when dropped.
pub struct Prometheus {
    child: Child,
    address: String,
    client: reqwest::Client,
    _data: TempDir,
}

/// A rule, as Prometheus tells of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// Of the alert, or of the series that is recorded.
    pub name: String,
    /// The expression.
    pub query: String,
    /// `ok`, `unknown` before it was evaluated, or `err`.
    pub health: String,
    /// What went wrong, if something did.
    #[serde(default)]
    pub last_error: String,
    /// `inactive`, `pending` or `firing`; none of what is recorded.
    pub state: Option<String>,
}

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Vector {
    result: Vec<serde::de::IgnoredAny>,
}

impl Prometheus {
    /// Starts one at `address`, which its configuration may name, and waits until it is ready.
    pub async fn start_at(address: &str, configuration: &Path) -> anyhow::Result<Self> {
        use_tls();
        let data = tempfile::tempdir()?;
        let log = data.path().join("log");
        let child = Command::new(PROGRAM)
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {PROGRAM}: get it with `apt-get install {PROGRAM}`"))?;
        let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build()?;
        let started = Self { child, address: address.to_owned(), client, _data: data };
        let url = format!("{}/-/ready", started.url());
        let start = Instant::now();
        while !started.client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
            let said = || std::fs::read_to_string(&log).unwrap_or_default();
            anyhow::ensure!(
                start.elapsed() < DEADLINE,
                "{PROGRAM} is not ready within {DEADLINE:?}; it said:\n{}",
                said()
            );
            tokio::time::sleep(POLL).await;
        }
        Ok(started)
    }

    /// Its address, e.g. `http://127.0.0.1:9090`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All rules.
    pub async fn rules(&self) -> anyhow::Result<Vec<Rule>> {
        let groups: Groups = self.ask("rules", &[]).await?;
        Ok(groups.groups.into_iter().flat_map(|group| group.rules).collect())
    }

    /// How many series an expression has now.
    pub async fn series(&self, expression: &str) -> anyhow::Result<usize> {
        let vector: Vector = self.ask("query", &[("query", expression)]).await?;
        Ok(vector.result.len())
    }

    async fn ask<T: DeserializeOwned>(&self, what: &str, query: &[(&str, &str)]) -> anyhow::Result<T> {
        let mut url = url::Url::parse(&format!("{}/api/v1/{what}", self.url()))?;
        url.query_pairs_mut().extend_pairs(query);
        let answer: Answer<T> = self.client.get(url).send().await?.error_for_status()?.json().await?;
        Ok(answer.data)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // It may have ended by itself; waiting leaves no zombie behind.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}
