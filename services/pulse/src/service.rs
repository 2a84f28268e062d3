use std::sync::Arc;

use anyhow::Context as _;
use assembly::Deps;
use dashboard::Dashboard;
use settings::Settings;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::experiments::{self, Lab};
use crate::ingest::Ingest;
use crate::metrics::Metrics;
use crate::routes::acknowledge::{self, Desk};
use crate::routes::artifacts;
use crate::routes::backtest::{self, Bench};
use crate::routes::samples::{self, Door, LARGEST_BODIES};
use crate::routes::silences::{self, SilenceDesk};
use crate::routes::{otlp, remote_write};
use crate::socket_door::SocketDoor;
use crate::{host, promql};

/// Runs the doors, the dashboard and those who fetch samples: the host probe, where it is wanted, and what polls servers.
/// Until `shutdown`.
pub async fn run(
    settings: Arc<Settings>,
    deps: Deps,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let registry = telemetry::registry("pulse")?;
    let ingest = Ingest::new(deps.log.clone(), settings.storage.retention, Metrics::new(&registry)?);
    let most_series = settings.ingest.max_samples.get();
    let mut polling = promql::start(&deps.sources, &ingest, most_series, &registry, &shutdown)?;
    // The view lives until the last request is answered.
    let live = CancellationToken::new();
    let _until_the_end = live.clone().drop_guard();
    let backends = (deps.log.clone(), deps.bus.clone());
    let mut dashboard =
        Dashboard::start("pulse", &settings, backends, deps.rules.clone(), &registry, live.clone()).await?;
    let default_subject = settings.ingest.default_subject.clone();
    dashboard.door = Some(Arc::new(SocketDoor { ingest: ingest.clone(), default_subject }));

    let door = Door {
        ingest: ingest.clone(),
        places: Arc::new(Semaphore::new(settings.ingest.max_in_flight.get())),
        kibibytes: Arc::new(Semaphore::new(LARGEST_BODIES * settings.ingest.max_body.get().div_ceil(1_024))),
        most_bytes: settings.ingest.max_body.get(),
        most_samples: settings.ingest.max_samples.get(),
    };
    let desk = Desk { log: deps.log.clone(), hub: dashboard.hub.clone() };
    let silence_desk =
        SilenceDesk { log: deps.log.clone(), hub: dashboard.hub.clone(), rules: dashboard.rules.clone() };
    let bench = Bench::new(deps.log.clone(), dashboard.hub.clone(), deps.rules.clone());
    let lab = Lab::new(
        (deps.log.clone(), deps.bus.clone()),
        dashboard.hub.clone(),
        dashboard.rules.clone(),
        shutdown.clone(),
    );
    let more = samples::router(door.clone())
        .merge(otlp::router(door.clone(), deps.sources.clone()))
        .merge(remote_write::router(door, deps.sources.clone()))
        .merge(acknowledge::router(desk))
        .merge(silences::router(silence_desk))
        .merge(backtest::router(bench))
        .merge(artifacts::router(deps.log.clone()))
        .merge(experiments::router(lab.clone()));
    let service = dashboard.into_service(more, assembly::operations(&deps, registry)?);

    let probe = settings.host_probe.clone();
    let measuring = probe.enabled.then(|| tokio::spawn(host::run(probe, deps.sources, ingest, shutdown.clone())));
    let served = http_service::serve(service, listener, shutdown.clone(), assembly::leave(&settings)).await;
    shutdown.cancel();
    lab.close().await;
    let mut ended = served;
    while let Some(polled) = polling.join_next().await {
        ended = ended.and(polled.context("polling panicked"));
    }
    match measuring {
        Some(measuring) => ended.and(measuring.await.map_err(Into::into)),
        None => ended,
    }
}
