use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{DEADLINE, use_tls};

const PROGRAM: &str = "prometheus-alertmanager";
/// Pause between two questions whether it is ready.
const POLL: Duration = Duration::from_millis(10);
/// Most lines of its log that are kept for an error.
const KEPT_LINES: usize = 50;

/// A running Alertmanager; killed when dropped.
pub struct Alertmanager {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Alertmanager {
    /// Starts one on a free port, which delivers every alert to `webhook_url` at once, and waits until it is ready.
    pub async fn start(webhook_url: &str) -> anyhow::Result<Self> {
        Self::start_at("127.0.0.1:0", webhook_url).await
    }

    /// The same, on `address`.
    pub async fn start_at(address: &str, webhook_url: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let config = folder.path().join("alertmanager.yml");
        std::fs::write(&config, configuration(webhook_url))?;
        let mut child = Command::new(PROGRAM)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {PROGRAM}: get it with `apt-get install {PROGRAM}`"))?;
        let stderr = child.stderr.take().context("its log is piped")?;
        let (log, listens) = follow(stderr);
        let mut alertmanager = Self { child, address: String::new(), _folder: folder };
        let started = async {
            alertmanager.address = listens.await.context("it ended")?;
            alertmanager.ready().await
        };
        match tokio::time::timeout(DEADLINE, started).await {
            Ok(Ok(())) => Ok(alertmanager),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(anyhow::anyhow!("it is not ready within {DEADLINE:?}")),
        }
        .with_context(|| {
            let lines = log.lock().unwrap_or_else(PoisonError::into_inner);
            format!("{PROGRAM} does not start; it said:\n{}", lines.join("\n"))
        })
    }

    /// Its address, e.g. `http://127.0.0.1:9093`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    async fn ready(&self) -> anyhow::Result<()> {
        use_tls();
        let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build()?;
        let url = format!("{}/-/ready", self.url());
        loop {
            match client.get(&url).send().await {
                Ok(response) if response.status().is_success() => return Ok(()),
                _ => tokio::time::sleep(POLL).await,
            }
        }
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        // It may have ended by itself; waiting leaves no zombie behind.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

type Lines = Arc<Mutex<Vec<String>>>;

/// Keeps what it says, and tells where it listens: so the system chooses the port and nobody can take it meanwhile.
fn follow(stderr: ChildStderr) -> (Lines, oneshot::Receiver<String>) {
    let lines = Lines::default();
    let (found, listens) = oneshot::channel();
    let kept = lines.clone();
    std::thread::spawn(move || {
        let mut found = Some(found);
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let address = line.split_once("Listening on\" address=").map(|(_, rest)| rest.trim().to_owned());
            if let Some((found, address)) = address.and_then(|address| Some((found.take()?, address))) {
                // Nobody waits any more: the test is over.
                drop(found.send(address));
            }
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() < KEPT_LINES {
                kept.push(line);
            }
        }
    });
    (lines, listens)
}

/// Each alert is a group of its own, told at once; ends are told within moments.
fn configuration(webhook_url: &str) -> String {
    format!(
        "\
route:
  receiver: test
  group_by: ['...']
  group_wait: 0s
  group_interval: 100ms
  repeat_interval: 1h
receivers:
  - name: test
    webhook_configs:
      - url: {webhook_url}
        send_resolved: true
"
    )
}
