use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use http_service::Leave;
use settings::Settings;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{Deps, bind};

/// The folder that is looked at when none is named.
const CONFIG_DIR: &str = "config";

/// The whole of a service's `main.rs`: the folder of the configuration may be its one argument.
pub fn main<F, R>(name: &'static str, port: fn(&Settings) -> u16, run: F) -> ExitCode
where
    F: FnOnce(Arc<Settings>, Deps, TcpListener, CancellationToken) -> R,
    R: Future<Output = anyhow::Result<()>>,
{
    let config_dir = std::env::args_os().nth(1).map(PathBuf::from);
    let config_dir = config_dir.or_else(|| Some(PathBuf::from(CONFIG_DIR)).filter(|folder| folder.is_dir()));
    let outcome = Settings::load(config_dir.as_deref(), settings::environment(), &[])
        .context("the settings cannot be used")
        .and_then(|settings| start_process(&settings).map(|runtime| (runtime, settings)))
        .and_then(|(runtime, settings)| runtime.block_on(serve(port, run, settings, config_dir.as_deref())));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{name} stopped: {error:#}");
            // Before logs are started, only this is seen.
            use std::io::Write as _;
            writeln!(std::io::stderr(), "{name}: {error:#}").map_or(ExitCode::FAILURE, |()| ExitCode::FAILURE)
        }
    }
}

/// What every process needs once: logs, TLS, a runtime.
pub fn start_process(settings: &Settings) -> anyhow::Result<tokio::runtime::Runtime> {
    telemetry::init_logs(&settings.log.filter, settings.log.format)?;
    // Fails only when one is installed already, which is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}

async fn serve<F, R>(
    port: fn(&Settings) -> u16,
    run: F,
    settings: Settings,
    config_dir: Option<&Path>,
) -> anyhow::Result<()>
where
    F: FnOnce(Arc<Settings>, Deps, TcpListener, CancellationToken) -> R,
    R: Future<Output = anyhow::Result<()>>,
{
    let settings = Arc::new(settings.alone());
    let listener = bind(&settings, port(&settings))?;
    let deps = Deps::alone(&settings, config_dir).await?;
    let (shutdown, grace) = (shutdown_signal()?, settings.shutdown.grace);
    deps.run(run(settings, deps.clone(), listener, shutdown.clone()), shutdown, grace).await
}

/// How the services take their leave. Half of the grace is left to those who are asked something at the last moment.
pub fn leave(settings: &Settings) -> Leave {
    let grace = settings.shutdown.grace;
    Leave { drain: settings.shutdown.drain.min(grace / 2), grace }
}

/// Cancelled by SIGTERM or SIGINT.
pub fn shutdown_signal() -> anyhow::Result<CancellationToken> {
    let token = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).context("waiting for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("waiting for SIGINT")?;
    let cancel = token.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        cancel.cancel();
    });
    Ok(token)
}
