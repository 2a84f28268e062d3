//! One service of the suite in a process of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use reqwest::Client;

use crate::suite::eventually;

/// Lines of its log that are shown when a test fails.
const SHOWN_LINES: usize = 40;

/// A process of `iskra serve`, with its address and its log; killed when dropped.
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) url: String,
    arguments: Vec<String>,
    folder: PathBuf,
    log: PathBuf,
    client: Client,
    process: Child,
}

impl Service {
    /// Starts `iskra serve` for `service`, e.g. `slo-engine`, under a name of its own, with these settings.
    pub(crate) fn start(
        client: &Client,
        folder: &Path,
        service: &str,
        name: &str,
        settings: &[(String, String)],
    ) -> Self {
        let port = test_support::free_port().expect("a free port");
        let mut arguments = vec!["serve".to_owned(), service.to_owned()];
        let ports = (format!("ports.{}", service.replace('-', "_")), port.to_string());
        for (key, value) in settings.iter().chain([&ports]) {
            arguments.extend(["--set".to_owned(), format!("{key}={value}")]);
        }
        let log = folder.join(format!("{name}.log"));
        let process = spawn(&arguments, folder, &log);
        let url = format!("http://127.0.0.1:{port}");
        Self { name: name.to_owned(), url, arguments, folder: folder.to_owned(), log, client: client.clone(), process }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// Waits until it says that it is ready.
    pub(crate) async fn ready(&self) {
        eventually(&format!("{} is ready", self.name), async || {
            let answer = self.client.get(format!("{}/-/ready", self.url)).send().await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
    }

    /// Waits until it says that `part` of it does not work.
    pub(crate) async fn unready(&self, part: &str) {
        eventually(&format!("{} is not ready", self.name), async || {
            let answer = self.client.get(format!("{}/-/ready", self.url)).send().await.ok()?;
            let (status, text) = (answer.status(), answer.text().await.ok()?);
            (status == 503 && text.contains(part)).then_some(())
        })
        .await;
    }

    /// Ends it as a power cut would: SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }

    /// Starts it again, on the same port.
    pub(crate) fn restart(&mut self) {
        self.process = spawn(&self.arguments, &self.folder, &self.log);
    }

    /// The same, and waits until it is ready.
    pub(crate) async fn come_back(&mut self) {
        let start = Instant::now();
        self.restart();
        self.ready().await;
        println!("{}: ready {:?} after its start", self.name, start.elapsed());
    }

    /// Stops it in the midst of what it does (SIGSTOP).
    pub(crate) fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on (SIGCONT).
    pub(crate) fn resume(&self) {
        self.signal("CONT");
    }

    /// The sum of a metric over all label sets that contain `labels`; none while it does not answer.
    pub(crate) async fn metric(&self, name: &str, labels: &str) -> Option<f64> {
        let answer = self.client.get(format!("{}/metrics", self.url)).send().await.ok()?;
        let text = answer.text().await.ok()?;
        let of_it = |line: &&str| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{'])) && line.contains(labels)
        };
        let values = text.lines().filter(of_it).filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
        Some(values.sum())
    }

    /// The memory that it uses now and the most that it ever used, in MiB.
    pub(crate) fn memory(&self) -> (u64, u64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("it runs");
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("Linux tells it");
            line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1024
        };
        (of("VmRSS:"), of("VmHWM:"))
    }

    /// Ends it in order (SIGTERM), and waits until it has ended.
    pub(crate) async fn stop(&mut self) {
        self.signal("TERM");
        let name = self.name.clone();
        let status =
            eventually(&format!("{name} ends"), async || self.process.try_wait().expect("it can be asked")).await;
        assert!(status.success(), "{name} ended with {status}");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().expect("kill runs").success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
        if std::thread::panicking() {
            let log = std::fs::read_to_string(&self.log).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
            println!("--- the last that {} said:\n{last}", self.name);
        }
    }
}

fn spawn(arguments: &[String], folder: &Path, log: &Path) -> Child {
    let log = File::options().create(true).append(true).open(log).expect("a log");
    Command::new(env!("CARGO_BIN_EXE_iskra"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("ISKRA_CONFIG")
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a second handle"))
        .stderr(log)
        .spawn()
        .expect("the program starts")
}
