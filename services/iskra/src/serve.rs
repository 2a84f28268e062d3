//! One service in a process of its own.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use assembly::Deps;
use settings::Settings;

use crate::cli::{ServeArguments, Service};
use crate::say;

pub(crate) fn run(arguments: &ServeArguments) -> anyhow::Result<ExitCode> {
    let settings = Arc::new(arguments.settings.load(&[])?.alone());
    let runtime = assembly::start_process(&settings)?;
    let folder = arguments.settings.folder();
    runtime.block_on(serve(arguments.service, settings, folder.as_deref()))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(service: Service, settings: Arc<Settings>, folder: Option<&Path>) -> anyhow::Result<()> {
    let port = match service {
        Service::Pulse => settings.ports.pulse,
        Service::Seams => settings.ports.seams,
        Service::Voices => settings.ports.voices,
        Service::SloEngine => settings.ports.slo_engine,
    };
    let listener = assembly::bind(&settings, port)?;
    say::note(&format!("listening on http://{}", listener.local_addr()?));
    let deps = Deps::alone(&settings, folder).await?;
    let parts = deps.clone();
    let shutdown = assembly::shutdown_signal()?;
    let (grace, stop) = (settings.shutdown.grace, shutdown.clone());
    let serve = async {
        match service {
            Service::Pulse => pulse::run(settings, deps, listener, stop).await,
            Service::Seams => seams::run(settings, deps, listener, stop).await,
            Service::Voices => voices::run(settings, deps, listener, stop).await,
            Service::SloEngine => slo_engine::run(settings, deps, listener, stop).await,
        }
    };
    parts.run(serve, shutdown, grace).await
}
