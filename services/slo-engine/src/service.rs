use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;
use assembly::Deps;
use durable_log::Partition;
use http_service::{Limits, Service, Sockets};
use pager::{Pager, PagerSettings};
use settings::Settings;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::metrics::Metrics;
use crate::present::Present;
use crate::worker::Worker;
use crate::{janitor, routes};

/// Runs the engine of every partition, the pager and the service's door, until `shutdown` or until one of them fails.
pub async fn run(
    settings: Arc<Settings>,
    deps: Deps,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let registry = telemetry::registry("slo-engine")?;
    let metrics = Metrics::new(&registry)?;
    let present = Present::new()?;
    registry.register(Box::new(present.clone()))?;

    let alertmanager = &settings.alertmanager;
    let pager = Pager::new(
        PagerSettings {
            urls: alertmanager.urls.clone(),
            resend: alertmanager.resend,
            timeout: alertmanager.timeout,
            language: alertmanager.language,
            public_url: settings.public_url.clone(),
            runbooks: alertmanager.runbooks.clone(),
        },
        deps.log.clone(),
        &registry,
    )?;
    let mut parts = JoinSet::new();
    let mut judging = Vec::new();
    for partition in (0..deps.log.partitions()).map(Partition) {
        let is_judging = Arc::new(AtomicBool::new(false));
        let worker = Worker {
            partition,
            log: deps.log.clone(),
            bus: deps.bus.clone(),
            rules: deps.rules.clone(),
            pager: pager.handle(),
            metrics: metrics.clone(),
            present: present.clone(),
            is_judging: is_judging.clone(),
        };
        let stop = shutdown.clone();
        parts.spawn(
            async move { worker.run(stop).await.with_context(|| format!("the engine of partition {partition}")) },
        );
        judging.push((partition, is_judging));
    }
    let operations = assembly::operations(&deps, registry)?.check("engine", move || {
        let idle = judging.iter().find(|(_, is_judging)| !is_judging.load(Ordering::Relaxed)).map(|(idle, _)| *idle);
        async move { idle.map_or(Ok(()), |partition| Err(anyhow::anyhow!("partition {partition} is not judged now"))) }
    });
    let stop = shutdown.clone();
    parts.spawn(async move {
        pager.run(stop).await;
        Ok(())
    });
    parts.spawn(janitor::run(deps.log.clone(), settings.storage.retention, shutdown.clone()));
    let service = Service {
        name: "slo-engine",
        router: routes::router(),
        operations,
        sockets: Sockets::new(0),
        limits: Limits::default(),
    };
    parts.spawn(http_service::serve(service, listener, shutdown.clone(), settings.shutdown.grace));

    let mut outcome = Ok(());
    while let Some(ended) = parts.join_next().await {
        // A part that ends takes the others with it; a part that fails says why.
        shutdown.cancel();
        outcome = outcome.and(ended.context("a part of the engine panicked").flatten());
    }
    outcome
}
