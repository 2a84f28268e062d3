use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context as _;
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::{DEADLINE, POLL, use_tls};

const PROGRAM: &str = "prometheus-alertmanager";
/// Its configuration, within its folder.
const CONFIG: &str = "alertmanager.yml";
/// How often it writes down whom it has told what, and forgets what is older than two of its reminders.
const NOTES: &str = "250ms";
/// The same by its own default: so a configuration of the test's own may remind oftener than that.
const RARE_NOTES: &str = "15m";
/// Most lines of its log that are kept for an error.
const KEPT_LINES: usize = 50;

/// A running Alertmanager; killed when dropped.
pub struct Alertmanager {
    child: Child,
    address: String,
    configuration: PathBuf,
    folder: TempDir,
    notes: &'static str,
}

impl Alertmanager {
    /// Starts one on a free port, which delivers every alert to `webhook_url` at once, and waits until it is ready.
    pub async fn start(webhook_url: &str) -> anyhow::Result<Self> {
        Self::start_at("127.0.0.1:0", webhook_url).await
    }

    /// The same, on `address`.
    pub async fn start_at(address: &str, webhook_url: &str) -> anyhow::Result<Self> {
        Self::launch_at(address, &configuration(webhook_url), NOTES).await
    }

    /// Starts one on a free port with a configuration of the test's own.
    pub async fn start_with(configuration: &str) -> anyhow::Result<Self> {
        Self::launch_at("127.0.0.1:0", configuration, RARE_NOTES).await
    }

    /// The same, from a file; what else it needs stands beside that.
    pub async fn start_from(configuration: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (child, address) = launch(configuration, &folder, "127.0.0.1:0", RARE_NOTES).await?;
        Ok(Self { child, address, configuration: configuration.to_owned(), folder, notes: RARE_NOTES })
    }

    async fn launch_at(address: &str, text: &str, notes: &'static str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let configuration = folder.path().join(CONFIG);
        std::fs::write(&configuration, text)?;
        let (child, address) = launch(&configuration, &folder, address, notes).await?;
        Ok(Self { child, address, configuration, folder, notes })
    }

    /// Waits until it has written down that it told people of a group of alerts whose labels have these words, such as
    /// `subject="agent-7"`. It does so only after they have answered; one that ends before that has told of them and
    /// does not know it, and whatever ends while it is away is then never told.
    pub async fn notes(&self, words: &str) -> anyhow::Result<()> {
        let file = self.folder.path().join("data/nflog");
        let start = Instant::now();
        let has_words = |notes: Vec<u8>| notes.windows(words.len()).any(|here| here == words.as_bytes());
        while !std::fs::read(&file).is_ok_and(has_words) {
            anyhow::ensure!(start.elapsed() < DEADLINE, "{PROGRAM} does not note that it told of {words}");
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Ends it in order. It remembers what it has noted by then: see [`Self::notes`].
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        let status = Command::new("kill").arg(self.child.id().to_string()).status()?;
        anyhow::ensure!(status.success(), "cannot send SIGTERM to {PROGRAM}");
        let start = Instant::now();
        while self.child.try_wait()?.is_none() {
            anyhow::ensure!(start.elapsed() < DEADLINE, "{PROGRAM} does not stop");
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Starts it again at the same address, after [`Self::stop`]. It remembers whom it has told what, and no alert.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        (self.child, _) = launch(&self.configuration, &self.folder, &self.address, self.notes).await?;
        Ok(())
    }

    /// Its address, e.g. `http://127.0.0.1:9093`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
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

/// Starts it over the data in the folder, and answers where it listens once it is ready.
async fn launch(configuration: &Path, folder: &TempDir, address: &str, notes: &str) -> anyhow::Result<(Child, String)> {
    let mut child = Command::new(PROGRAM)
        .arg(format!("--config.file={}", configuration.display()))
        .arg(format!("--storage.path={}", folder.path().join("data").display()))
        .arg(format!("--data.maintenance-interval={notes}"))
        .arg(format!("--web.listen-address={address}"))
        .arg("--cluster.listen-address=")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {PROGRAM}: get it with `apt-get install {PROGRAM}`"))?;
    let stderr = child.stderr.take().context("its log is piped")?;
    let (log, listens) = follow(stderr);
    let started = async {
        let address = listens.await.context("it ended")?;
        ready(&address).await?;
        anyhow::Ok(address)
    };
    let error = match tokio::time::timeout(DEADLINE, started).await {
        Ok(Ok(address)) => return Ok((child, address)),
        Ok(Err(error)) => error,
        Err(_) => anyhow::anyhow!("it is not ready within {DEADLINE:?}"),
    };
    child.kill()?;
    child.wait()?;
    let lines = log.lock().unwrap_or_else(PoisonError::into_inner);
    Err(error.context(format!("{PROGRAM} does not start; it said:\n{}", lines.join("\n"))))
}

async fn ready(address: &str) -> anyhow::Result<()> {
    use_tls();
    let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build()?;
    let url = format!("http://{address}/-/ready");
    loop {
        match client.get(&url).send().await {
            Ok(response) if response.status().is_success() => return Ok(()),
            _ => tokio::time::sleep(POLL).await,
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

/// Each alert is a group of its own, told at once; ends are told within moments. The watchdog is told to nobody.
fn configuration(webhook_url: &str) -> String {
    format!(
        "\
route:
  receiver: test
  group_by: ['...']
  group_wait: 0s
  group_interval: 100ms
  repeat_interval: 1h
  routes:
    - matchers: ['alertname=\"Watchdog\"']
      receiver: nobody
receivers:
  - name: nobody
  - name: test
    webhook_configs:
      - url: {webhook_url}
        send_resolved: true
"
    )
}
