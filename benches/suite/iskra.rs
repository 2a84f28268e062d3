//! The suite as a user starts it, on free ports and a folder of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

use crate::Bench;
use crate::process::Process;

/// A running suite; killed when dropped.
pub(crate) struct Iskra {
    child: Child,
    pub(crate) process: Process,
    /// Where Pulse listens.
    pub(crate) pulse: SocketAddr,
}

impl Bench {
    /// Starts the suite over the data in `folder`, with more flags. It listens when this returns.
    pub(crate) fn start(&self, folder: &Path, flags: &[&str]) -> anyhow::Result<Iskra> {
        let mut command = Command::new(&self.iskra);
        command
            .args(["up", "--pulse-port", "0", "--seams-port", "0", "--voices-port", "0", "--slo-engine-port", "0"])
            .args(["--set", "log.filter=warn", "--data"])
            .arg(folder)
            .args(flags)
            // The settings and rules that are built in, whatever the working directory holds.
            .current_dir(self.folder.path());
        let (child, pulse) = start(command)?;
        Ok(Iskra { process: Process { id: child.id() }, child, pulse })
    }

    /// Starts it without its own producer, in a new folder: nothing happens but what is sent.
    pub(crate) fn start_quiet(&self, flags: &[&str]) -> anyhow::Result<Iskra> {
        let folder = tempfile::tempdir_in(self.folder.path())?.keep();
        self.start(&folder, &[&["--set", "host_probe.enabled=false"], flags].concat())
    }
}

impl Iskra {
    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        anyhow::ensure!(Command::new("kill").args(["-TERM", &id]).status()?.success(), "it cannot be stopped");
        let status = self.child.wait()?;
        anyhow::ensure!(status.success(), "it ended with {status}");
        Ok(())
    }
}

impl Drop for Iskra {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

/// Starts a server and reads from its first line where it listens.
pub(crate) fn start(mut command: Command) -> anyhow::Result<(Child, SocketAddr)> {
    let mut child = command.env_remove("ISKRA_CONFIG").stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().context("its output is piped")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    // It may say more; nobody reads it, and a closed pipe is its own affair.
    std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
    let address = line.split_whitespace().find_map(|word| word.strip_prefix("http://"));
    match address.and_then(|address| address.parse().ok()) {
        Some(address) => Ok((child, address)),
        None => {
            kill(&mut child);
            anyhow::bail!("it does not start; its first line is {line:?}")
        }
    }
}

/// Ends a child and leaves no zombie behind.
pub(crate) fn kill(child: &mut Child) {
    if child.kill().is_ok() {
        drop(child.wait());
    }
}
