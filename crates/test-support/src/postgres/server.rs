use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection as _, PgConnection};

use super::installation::Installation;
use crate::{DEADLINE, free_port};

/// Pause between two questions to the server or about it.
const POLL: Duration = Duration::from_millis(10);
/// Another process may take a free port before the server does: so often another one is tried.
const PORTS: usize = 5;
/// The smallest, so that the journal of a small server is small.
const WAL_SEGMENT: &str = "--wal-segsize=1";
/// Waits for our end, which closes its input; then ends the server and its children, if it runs, and clears up.
const GUARD: &str = r#"
cat >/dev/null
if read -r pid <"$1/data/postmaster.pid"; then
  kill -STOP "$pid"
  kill -KILL $(cat "/proc/$pid/task/$pid/children") "$pid"
fi
rm -rf -- "$1"
"#;

/// The processes and the files of a server that was started here.
pub(super) struct Server {
    installation: Installation,
    folder: PathBuf,
    port: u16,
    /// Over those that every server here has.
    settings: Vec<String>,
    postmaster: Child,
    guard: Child,
}

impl Server {
    pub(super) async fn start(settings: &[&str]) -> anyhow::Result<Self> {
        let settings: Vec<_> = settings.iter().map(ToString::to_string).collect();
        let installation = Installation::find()?;
        let folder = tempfile::Builder::new().prefix("iskra-postgres-").tempdir()?.keep();
        installation.give(&folder)?;
        let guard = guard(&folder)?;
        let made = installation
            .command("initdb")
            .args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--username=postgres"])
            .args([WAL_SEGMENT, "--pgdata"])
            .arg(folder.join("data"))
            .current_dir(&folder)
            .output()?;
        anyhow::ensure!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut error = None;
        for _ in 0..PORTS {
            let port = free_port()?;
            let mut postmaster = launch(&installation, &folder, port, &settings)?;
            match ready(&folder, port, &mut postmaster).await {
                Ok(()) => return Ok(Self { installation, folder, port, settings, postmaster, guard }),
                Err(failed) => error = Some(failed),
            }
            drop(postmaster.kill());
            postmaster.wait()?;
        }
        Err(error.expect("at least one port was tried"))
    }

    pub(super) fn url(&self) -> String {
        url(self.port)
    }

    pub(super) fn process_id(&self) -> u32 {
        self.postmaster.id()
    }

    pub(super) async fn kill(&mut self) -> anyhow::Result<()> {
        // A stopped one makes no more children, so that all of them are known.
        let id = self.postmaster.id();
        signal("STOP", &[id])?;
        until("it does not stop", || state(id) == Some('T')).await?;
        let children = self.children()?;
        self.postmaster.kill()?;
        self.postmaster.wait()?;
        until("its children outlive it", || !children.iter().any(|child| runs(*child))).await?;
        // Its number may soon be another process's.
        Ok(std::fs::remove_file(self.folder.join("data/postmaster.pid"))?)
    }

    pub(super) async fn stop(&mut self) -> anyhow::Result<()> {
        signal("INT", &[self.postmaster.id()])?;
        until("it does not stop", || !matches!(self.postmaster.try_wait(), Ok(None))).await
    }

    pub(super) async fn restart(&mut self) -> anyhow::Result<()> {
        if self.postmaster.try_wait()?.is_none() {
            self.stop().await?;
        }
        self.postmaster = launch(&self.installation, &self.folder, self.port, &self.settings)?;
        ready(&self.folder, self.port, &mut self.postmaster).await
    }

    pub(super) async fn demote(&mut self) -> anyhow::Result<()> {
        self.stop().await?;
        File::create(self.folder.join("data/standby.signal"))?;
        self.restart().await
    }

    pub(super) fn pause(&self) -> anyhow::Result<()> {
        signal("STOP", &[self.postmaster.id()])?;
        signal("STOP", &self.children()?)
    }

    pub(super) fn resume(&self) -> anyhow::Result<()> {
        signal("CONT", &self.children()?)?;
        signal("CONT", &[self.postmaster.id()])
    }

    /// Each is the leader of a session of its own, so that no signal to a group reaches them.
    fn children(&self) -> anyhow::Result<Vec<u32>> {
        let id = self.postmaster.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"))?;
        Ok(children.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        drop(self.guard.wait());
        drop(self.postmaster.wait());
    }
}

fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

/// In a group of its own, so that whatever ends ours leaves it alive to clear up.
fn guard(folder: &Path) -> anyhow::Result<Child> {
    let mut guard = Command::new("sh");
    guard.args(["-c", GUARD, "guard"]).arg(folder).process_group(0);
    Ok(guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

fn launch(installation: &Installation, folder: &Path, port: u16, settings: &[String]) -> anyhow::Result<Child> {
    let log = File::create(folder.join("log"))?;
    let mut postgres = installation.command("postgres");
    postgres.arg("-D").arg(folder.join("data")).current_dir(folder);
    let mut set = |setting: String| {
        postgres.arg("-c").arg(setting);
    };
    set(format!("port={port}"));
    set("listen_addresses=127.0.0.1".into());
    set(format!("unix_socket_directories={}", folder.display()));
    set("max_connections=200".into());
    set("shared_buffers=64MB".into());
    // There are several servers at a time, and nobody looks back at their journals.
    set("max_wal_size=128MB".into());
    set("min_wal_size=32MB".into());
    if installation.has_timescale() {
        set("shared_preload_libraries=timescaledb".into());
        set("timescaledb.telemetry_level=off".into());
        // It wants some for each database that uses it, besides those of the server itself.
        set("max_worker_processes=64".into());
    }
    // The later of two counts.
    settings.iter().cloned().for_each(set);
    // In a group of its own: Ctrl-C in a terminal is for us, who then end it in order.
    postgres.process_group(0).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(postgres.spawn()?)
}

/// Waits until it answers; an error with its log when it ends instead or takes too long.
async fn ready(folder: &Path, port: u16, postmaster: &mut Child) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let answered = tokio::time::timeout(DEADLINE, PgConnection::connect(&url(port))).await;
        // The process must still be ours: another server might answer at a port that was taken from us.
        if postmaster.try_wait()?.is_some() || start.elapsed() >= DEADLINE {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            anyhow::bail!("PostgreSQL does not start; it said:\n{log}");
        }
        if let Ok(Ok(connection)) = answered {
            return Ok(connection.close().await?);
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Sends `signal` to those of `processes` that still run.
fn signal(signal: &str, processes: &[u32]) -> anyhow::Result<()> {
    for process in processes.iter().filter(|process| runs(**process)) {
        let status = Command::new("kill").arg(format!("-{signal}")).arg(process.to_string()).status()?;
        anyhow::ensure!(status.success() || !runs(*process), "SIG{signal} does not reach process {process}");
    }
    Ok(())
}

/// Waits until it is so.
async fn until(complaint: &'static str, mut is_so: impl FnMut() -> bool) -> anyhow::Result<()> {
    let start = Instant::now();
    while !is_so() {
        anyhow::ensure!(start.elapsed() < DEADLINE, complaint);
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// The dead that nobody has asked about still have a number, but have let go of all memory that they shared.
fn runs(process: u32) -> bool {
    !matches!(state(process), None | Some('Z' | 'X'))
}

/// One letter of the kernel's; none for a number that nobody has.
fn state(process: u32) -> Option<char> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // After the name, which may hold anything.
    text.rsplit_once(") ")?.1.chars().next()
}
