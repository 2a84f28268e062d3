//! The whole suite in one process.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use assembly::Deps;
use settings::Settings;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::UpArguments;
use crate::say;

pub(crate) fn run(arguments: &UpArguments) -> anyhow::Result<ExitCode> {
    let settings = Arc::new(arguments.settings.load(&flags(arguments))?.together());
    let runtime = assembly::start_process(&settings)?;
    let folder = arguments.settings.folder();
    runtime.block_on(suite(settings, folder.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}

fn flags(arguments: &UpArguments) -> Vec<(String, String)> {
    let data = arguments.data.as_ref().map(|folder| folder.join("iskra.db").display().to_string());
    let text = |port: Option<u16>| port.map(|port| port.to_string());
    let flags = [
        ("storage.path", data),
        ("bind", arguments.bind.map(|address| address.to_string())),
        ("ports.pulse", text(arguments.pulse_port)),
        ("ports.seams", text(arguments.seams_port)),
        ("ports.voices", text(arguments.voices_port)),
        ("ports.slo_engine", text(arguments.slo_engine_port)),
    ];
    flags.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

async fn suite(settings: Arc<Settings>, folder: Option<&std::path::Path>) -> anyhow::Result<()> {
    let listeners = Listeners::bind(&settings)?;
    let deps = Deps::embedded(&settings, folder).await?;
    let shutdown = assembly::shutdown_signal()?;
    let place = settings.storage.place();
    say::note(&format!("Iskra {} keeps its data in {place}; Ctrl-C stops it.", env!("CARGO_PKG_VERSION")));
    listeners.tell()?;
    listeners.serve(settings, deps, shutdown).await
}

/// Where each service listens.
pub(crate) struct Listeners {
    pulse: TcpListener,
    seams: TcpListener,
    voices: TcpListener,
    engine: TcpListener,
}

impl Listeners {
    /// All ports are taken before anything starts: a suite that is half there helps nobody.
    pub(crate) fn bind(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            pulse: assembly::bind(settings, settings.ports.pulse)?,
            seams: assembly::bind(settings, settings.ports.seams)?,
            voices: assembly::bind(settings, settings.ports.voices)?,
            engine: assembly::bind(settings, settings.ports.slo_engine)?,
        })
    }

    /// Prints where to look.
    pub(crate) fn tell(&self) -> anyhow::Result<()> {
        let rows = [
            ("Pulse", "vital signs, alerts, POST /api/v1/samples", self.pulse.local_addr()?),
            ("Seams", "transitions between states", self.seams.local_addr()?),
            ("Voices", "the responding voices", self.voices.local_addr()?),
            ("SLO engine", "judges and pages", self.engine.local_addr()?),
        ];
        let _is_read =
            rows.iter().all(|(name, what, address)| say::out(&format!("{name:<11} http://{address}  {what}")));
        Ok(())
    }

    /// Runs all services until `shutdown`, and closes what they share.
    pub(crate) async fn serve(
        self,
        settings: Arc<Settings>,
        deps: Deps,
        shutdown: CancellationToken,
    ) -> anyhow::Result<()> {
        let Self { pulse, seams, voices, engine } = self;
        let mut services = JoinSet::new();
        let named = |name: &'static str, ended: anyhow::Result<()>| ended.with_context(|| format!("{name} stopped"));
        let (s, d, t) = (settings.clone(), deps.clone(), shutdown.clone());
        services.spawn(async move { named("pulse", pulse::run(s, d, pulse, t).await) });
        let (s, d, t) = (settings.clone(), deps.clone(), shutdown.clone());
        services.spawn(async move { named("seams", seams::run(s, d, seams, t).await) });
        let (s, d, t) = (settings.clone(), deps.clone(), shutdown.clone());
        services.spawn(async move { named("voices", voices::run(s, d, voices, t).await) });
        let (d, t) = (deps.clone(), shutdown.clone());
        services.spawn(async move { named("slo-engine", slo_engine::run(settings, d, engine, t).await) });
        let mut outcome = Ok(());
        while let Some(ended) = services.join_next().await {
            // One service that ends takes the others with it: whoever starts the suite starts it again as a whole.
            shutdown.cancel();
            outcome = outcome.and(ended.context("a service panicked").flatten());
        }
        deps.close().await;
        outcome
    }
}
