use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use test_support::free_port;

use crate::Bench;
use crate::process::Process;

/// Where programs are that only root's shell finds by itself.
const SYSTEM: &str = "/usr/sbin";
/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that somebody else has made, in a process of its own; it ends when dropped.
pub(super) struct Program(Child);

/// Where it stands, if it is installed.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&path).chain([PathBuf::from(SYSTEM)]);
    folders.find_map(|folder| Some(folder.join(name)).filter(|program| program.is_file()))
}

impl Program {
    /// Starts it on a free port with what `arguments` make of that and of a folder of its own, and waits until it listens.
    pub(super) async fn start(
        bench: &Bench,
        name: &str,
        arguments: impl FnOnce(SocketAddr, &Path) -> anyhow::Result<Vec<String>>,
    ) -> anyhow::Result<(Self, SocketAddr)> {
        let folder = tempfile::tempdir_in(bench.folder.path())?.keep();
        let address = (Ipv4Addr::LOCALHOST, free_port()?).into();
        let log = folder.join("log");
        let mut command = Command::new(find(name).unwrap_or_else(|| name.into()));
        command.args(arguments(address, &folder)?).current_dir(&folder).stdin(Stdio::null());
        let mut started = Self(command.stdout(Stdio::null()).stderr(File::create(&log)?).spawn()?);
        let start = Instant::now();
        while tokio::net::TcpStream::connect(address).await.is_err() {
            let said = || std::fs::read_to_string(&log).unwrap_or_default();
            let is_running = started.0.try_wait()?.is_none();
            anyhow::ensure!(is_running && start.elapsed() < PATIENCE, "{name} does not listen; it said:\n{}", said());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok((started, address))
    }

    pub(super) const fn new(child: Child) -> Self {
        Self(child)
    }

    pub(super) fn process(&self) -> Process {
        Process { id: self.0.id() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // By SIGTERM: killed, nginx would leave its workers behind. It may have ended by itself.
        drop(Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status());
        drop(self.0.wait());
    }
}
