//! Starts the servers that all tests share, runs a command that finds them, and stops them:
//! `test-servers cargo nextest run`. Its exit code is that of the command.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitCode;

use anyhow::Context as _;
use test_support::{Postgres, SHARED_POSTGRES};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    let program = words.next().context("usage: test-servers COMMAND…")?;
    let mut terminate = signal(SignalKind::terminate())?;
    // Ctrl-C in a terminal reaches the command as well: it ends, and we with it.
    let _ignored = signal(SignalKind::interrupt())?;
    let mut postgres = Postgres::start().await?;
    let mut command = Command::new(&program);
    let mut child = command
        .args(words)
        .env(SHARED_POSTGRES, postgres.url())
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let status = tokio::select! {
        status = child.wait() => status?,
        _ = terminate.recv() => {
            if let Some(id) = child.id() {
                Command::new("kill").arg(id.to_string()).status().await?;
            }
            child.wait().await?
        }
    };
    // Not stopped in order: writing everything out once more would take long, and nobody will read it.
    postgres.kill().await?;
    // As a shell answers for what a signal ended.
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)))
}
