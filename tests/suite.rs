//! The suite as a user starts it, on free ports and a folder of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// How long anything may take that is expected to happen soon.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A running suite; killed when dropped.
pub(crate) struct Suite {
    process: Child,
    pub(crate) client: reqwest::Client,
    pub(crate) pulse: String,
    pub(crate) seams: String,
    pub(crate) voices: String,
    pub(crate) slo_engine: String,
}

impl Suite {
    /// Starts the suite over the data in `folder`, with more flags like `--set key=value`, and waits until it is ready.
    pub(crate) async fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::start_at("0", folder, flags).await
    }

    /// The same, with Pulse on this port.
    pub(crate) async fn start_at(pulse_port: &str, folder: &Path, flags: &[&str]) -> Self {
        Self::start_by(Command::new("env"), pulse_port, folder, flags).await
    }

    /// The same, by a program that becomes what its last arguments say, as `env` does.
    pub(crate) async fn start_by(mut launcher: Command, pulse_port: &str, folder: &Path, flags: &[&str]) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let mut process = launcher
            .arg(env!("CARGO_BIN_EXE_iskra"))
            .args([
                "up",
                "--pulse-port",
                pulse_port,
                "--seams-port",
                "0",
                "--voices-port",
                "0",
                "--slo-engine-port",
                "0",
            ])
            .args(["--set", "host_probe.enabled=false", "--set", "log.filter=warn", "--data"])
            .arg(folder)
            .args(flags)
            .env_remove("ISKRA_CONFIG")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let mut address = || {
            let line = lines.next().expect("the suite prints its addresses").expect("as text");
            line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned()
        };
        let (pulse, seams, voices, slo_engine) = (address(), address(), address(), address());
        let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
        let suite = Self { process, client, pulse, seams, voices, slo_engine };
        for service in [&suite.pulse, &suite.seams, &suite.voices, &suite.slo_engine] {
            eventually("the service is ready", async || {
                let answer = suite.client.get(format!("{service}/-/ready")).send().await.ok()?;
                answer.status().is_success().then_some(())
            })
            .await;
        }
        suite
    }

    /// Sends samples (one object or an array) and expects them to be taken.
    pub(crate) async fn push(&self, samples: &Value) -> Value {
        let answer = self.client.post(format!("{}/api/v1/samples", self.pulse)).json(samples).send().await;
        let answer = answer.expect("pulse answers");
        assert!(answer.status().is_success(), "{}: {}", answer.status(), answer.text().await.unwrap_or_default());
        answer.json().await.expect("a report")
    }

    /// Sends one sample of `subject` with `pain`, taken now.
    pub(crate) async fn push_pain(&self, subject: &str, pain: f64) -> Value {
        self.push(&json!({"subject": subject, "pain": pain})).await
    }

    /// The JSON at `path` of Pulse.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.pulse)).send().await.expect("pulse answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.json().await.expect("JSON")
    }

    /// The alerts at `query`, e.g. `?state=firing`.
    pub(crate) async fn alerts(&self, query: &str) -> Vec<Value> {
        self.get(&format!("/api/v1/alerts{query}")).await["alerts"].as_array().expect("alerts").clone()
    }

    /// The port of Pulse.
    pub(crate) fn pulse_port(&self) -> String {
        self.pulse.rsplit_once(':').expect("an address with a port").1.to_owned()
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Stops it in the midst of what it does (SIGSTOP).
    pub(crate) fn pause(&self) {
        assert!(Command::new("kill").args(["-STOP", &self.id().to_string()]).status().expect("kill runs").success());
    }

    /// Ends it as a power cut would: SIGKILL.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Asks it to stop, and waits for its exit code.
    pub(crate) async fn stop(mut self) -> Option<i32> {
        let status = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
        eventually("it ends", async || self.process.try_wait().expect("its status can be asked")).await.code()
    }
}

impl Drop for Suite {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Asks `probe` until it has an answer; fails the test after [`PATIENCE`].
pub(crate) async fn eventually<T>(what: &str, probe: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, probe).await
}

/// The same for what takes its time: fails the test after `limit`.
pub(crate) async fn within<T>(limit: Duration, what: &str, mut probe: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = probe().await {
            return found;
        }
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Tries `probe` until it is good; fails the test after [`PATIENCE`] with what was wrong last.
pub(crate) async fn becomes_good(what: &str, mut probe: impl AsyncFnMut() -> anyhow::Result<()>) {
    let start = Instant::now();
    while let Err(error) = probe().await {
        assert!(start.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}: {error:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
