//! One service in a process of its own.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use test_support::free_port;

use super::until;
use crate::connection::Connection;
use crate::process::Process;
use crate::{Bench, iskra};

/// What it says at most when it does not start.
const SHOWN_LINES: usize = 10;

/// A process of `iskra serve`; killed when dropped.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    program: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    child: Child,
}

impl Service {
    /// Starts the service `name` on a free port with these settings (`key=value`).
    pub(crate) fn start(bench: &Bench, name: &'static str, settings: &[String]) -> anyhow::Result<Self> {
        let port = free_port()?;
        let port_setting = format!("ports.{}={port}", name.replace('-', "_"));
        let mut arguments = vec!["serve".to_owned(), name.to_owned()];
        for setting in settings.iter().chain([&port_setting]) {
            arguments.extend(["--set".to_owned(), setting.clone()]);
        }
        let folder = tempfile::tempdir_in(bench.folder.path())?.keep();
        let child = spawn(&bench.iskra, &arguments, &folder)?;
        let address = (Ipv4Addr::LOCALHOST, port).into();
        Ok(Self { name, address, program: bench.iskra.clone(), arguments, folder, child })
    }

    /// Waits until it says that everything it works with works.
    pub(crate) async fn ready(&self) -> anyhow::Result<()> {
        let ready = until("it is ready", async || self.get("/-/ready").await.ok()).await;
        ready.map(drop).with_context(|| format!("{} said at last: {}", self.name, self.last_words()))
    }

    pub(crate) fn process(&self) -> Process {
        Process { id: self.child.id() }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again on the same port, after [`Self::kill`].
    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.child = spawn(&self.program, &self.arguments, &self.folder)?;
        Ok(())
    }

    /// Stops it in the midst of what it does (`STOP`), or lets it go on (`CONT`).
    pub(crate) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        let status = Command::new("kill").args([&format!("-{signal}"), &id]).status()?;
        anyhow::ensure!(status.success(), "SIG{signal} does not reach {}", self.name);
        Ok(())
    }

    /// What it counts under `name`, which has no labels.
    pub(crate) async fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let text = self.get("/metrics").await?;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(value.with_context(|| format!("{} has no {name}", self.name))?.parse()?)
    }

    /// Asks over a connection of its own.
    async fn get(&self, path: &str) -> anyhow::Result<String> {
        let answer = Connection::open(self.address).await?.get(path).await?;
        Ok(String::from_utf8(answer.to_vec())?)
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        iskra::kill(&mut self.child);
    }
}

fn spawn(program: &PathBuf, arguments: &[String], folder: &PathBuf) -> anyhow::Result<Child> {
    let log = File::options().create(true).append(true).open(folder.join("log"))?;
    let mut command = Command::new(program);
    // The rules that are built in, whatever the working directory holds.
    command.args(arguments).current_dir(folder).env_remove("ISKRA_CONFIG");
    Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?)
}
