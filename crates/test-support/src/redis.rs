use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::DEADLINE;

const PROGRAM: &str = "redis-server";
/// How often another port is tried when somebody else took the first one meanwhile.
const PORTS: usize = 10;
/// Longest wait for the answer to one command.
const ANSWER: Duration = Duration::from_secs(5);

/// A running Redis that keeps nothing on disk; killed when dropped.
pub struct RedisServer {
    child: Child,
    port: u16,
    program: Program,
    folder: TempDir,
}

/// What is started, so that it can be started again.
enum Program {
    Server(Vec<String>),
    Sentinel { master_name: String, master_port: u16 },
}

impl RedisServer {
    /// Starts one on a free port and waits until it is ready.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same with further arguments, such as `["--requirepass", "secret"]`.
    pub async fn start_with(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start_program(Program::Server(arguments.iter().map(ToString::to_string).collect())).await
    }

    /// Starts one for a cluster; it has no slots and knows no other node yet.
    pub async fn start_cluster_node() -> anyhow::Result<Self> {
        let bus_port = free_port()?.to_string();
        Self::start_with(&["--cluster-enabled", "yes", "--cluster-port", &bus_port, "--cluster-node-timeout", "2000"])
            .await
    }

    /// Starts a Sentinel that watches `master` alone, under `master_name`.
    pub async fn start_sentinel(master: &Self, master_name: &str) -> anyhow::Result<Self> {
        let master_name = master_name.to_owned();
        Self::start_program(Program::Sentinel { master_name, master_port: master.port }).await
    }

    async fn start_program(program: Program) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        for _ in 0..PORTS {
            let port = free_port()?;
            if let Some(child) = spawn(&program, port, folder.path()).await? {
                return Ok(Self { child, port, program, folder });
            }
        }
        anyhow::bail!("{PROGRAM} does not start on any of {PORTS} ports")
    }

    /// Where it listens.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its address, e.g. `redis://127.0.0.1:6379`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The id of its process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once (SIGKILL).
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it in order (SIGTERM).
    pub fn stop(&mut self) -> anyhow::Result<()> {
        self.signal("TERM")?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again where it was, empty.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        let child = spawn(&self.program, self.port, self.folder.path()).await?;
        self.child = child.with_context(|| format!("{PROGRAM} does not start again on port {}", self.port))?;
        Ok(())
    }

    /// Holds it (SIGSTOP): its connections stay open, and nothing answers.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.signal("STOP")
    }

    /// Lets it go on (SIGCONT).
    pub fn resume(&self) -> anyhow::Result<()> {
        self.signal("CONT")
    }

    /// Forgets all keys.
    pub async fn flush(&self) -> anyhow::Result<()> {
        let answer = self.ask("FLUSHALL").await?;
        anyhow::ensure!(answer.starts_with("+OK"), "it answered {answer}");
        Ok(())
    }

    /// Sends one command, words parted by spaces, and answers what comes back first, as it is on the wire.
    pub async fn ask(&self, command: &str) -> anyhow::Result<String> {
        let answer = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(format!("{command}\r\n").as_bytes()).await?;
            let mut answer = vec![0; 64 * 1024];
            let length = stream.read(&mut answer).await?;
            anyhow::Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
        };
        tokio::time::timeout(ANSWER, answer).await?.with_context(|| format!("cannot ask Redis {command}"))
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status()?;
        anyhow::ensure!(status.success(), "cannot send SIG{name} to {PROGRAM}");
        Ok(())
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended by itself; waiting leaves no zombie behind.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

/// A port that nobody listens on, below those that the system gives to clients: so none of them takes it while a server
/// is down for a moment.
fn free_port() -> anyhow::Result<u16> {
    loop {
        let random = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let port = 10_000 + random % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
}

/// Starts the program and waits until it is ready; none if it ended instead, as it does when the port is taken.
async fn spawn(program: &Program, port: u16, folder: &Path) -> anyhow::Result<Option<Child>> {
    let mut command = Command::new(PROGRAM);
    let ready_words = match program {
        Program::Server(arguments) => {
            command.args(["--save", "", "--appendonly", "no"]).args(arguments);
            "Ready to accept connections"
        }
        Program::Sentinel { master_name, master_port } => {
            let config = folder.join("sentinel.conf");
            std::fs::write(
                &config,
                format!(
                    "sentinel monitor {master_name} 127.0.0.1 {master_port} 1\n\
                     sentinel down-after-milliseconds {master_name} 500\n\
                     sentinel failover-timeout {master_name} 3000\n"
                ),
            )?;
            command.arg(config).arg("--sentinel");
            "+monitor master"
        }
    };
    let mut child = command
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--daemonize", "no"])
        .args(["--dir", &folder.display().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {PROGRAM}: get it with `apt-get install {PROGRAM}`"))?;
    let log = child.stdout.take().context("its log is piped")?;
    let (ready, is_ready) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ready = Some(ready);
        // Read to the end, so that it never waits for its log to be taken.
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            let is_ready = line.contains(ready_words).then(|| ready.take()).flatten();
            if let Some(is_ready) = is_ready {
                // Nobody waits any more: the test is over.
                drop(is_ready.send(line));
            }
        }
    });
    match tokio::time::timeout(DEADLINE, is_ready).await {
        Ok(Ok(_)) => Ok(Some(child)),
        Ok(Err(_)) => {
            child.wait()?;
            Ok(None)
        }
        Err(_) => {
            child.kill()?;
            child.wait()?;
            anyhow::bail!("{PROGRAM} is not ready within {DEADLINE:?}")
        }
    }
}
