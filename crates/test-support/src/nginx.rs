use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;

use crate::{DEADLINE, POLL, use_tls};

/// Debian keeps it where only root's shell looks.
const PROGRAM: &str = "/usr/sbin/nginx";

/// A running nginx with its workers; ends when dropped.
pub struct Nginx(Child);

impl Nginx {
    /// Starts one by this configuration, in whose folder it keeps its logs, and waits until `health` is answered.
    pub async fn start(configuration: &Path, health: &str) -> anyhow::Result<Self> {
        use_tls();
        let folder = configuration.parent().context("a file stands in a folder")?;
        let log = folder.join("error.log");
        let mut child = Command::new(PROGRAM)
            .args(["-g", "daemon off;", "-e", "/dev/stderr", "-p"])
            .arg(folder)
            .arg("-c")
            .arg(configuration)
            .stdin(Stdio::null())
            .stdout(File::create(folder.join("access.log"))?)
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("cannot start {PROGRAM}: get it with `apt-get install nginx`"))?;
        let client = reqwest::Client::builder().no_proxy().timeout(DEADLINE).build()?;
        let start = Instant::now();
        while !client.get(health).send().await.is_ok_and(|answer| answer.status().is_success()) {
            if start.elapsed() >= DEADLINE || child.try_wait()?.is_some() {
                child.kill()?;
                child.wait()?;
                anyhow::bail!("{PROGRAM} does not start; it said:\n{}", std::fs::read_to_string(&log)?);
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(Self(child))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // By SIGTERM: killed, it would leave its workers behind. It may have ended by itself.
        drop(Command::new("kill").arg(self.0.id().to_string()).status());
        drop(self.0.wait());
    }
}
