use std::sync::Arc;

use anyhow::Context as _;
use assembly::Deps;
use courier::{Courier, Patience};
use http_service::{Limits, Service, Sockets};
use pager::{Held, Pager, PagerSettings, Watchdog};
use rules::LiveRules;
use settings::{Secrets, Settings};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::log_metrics::LogMetrics;
use crate::metrics::Metrics;
use crate::present::Present;
use crate::standing::Standing;
use crate::supervisor::Supervisor;
use crate::worker::Worker;
use crate::{janitor, routes};

/// Runs the engines of this replica's partitions, their pager and the service's door, until `shutdown` or until one of
/// them fails.
pub async fn run(
    settings: Arc<Settings>,
    deps: Deps,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let registry = telemetry::registry("slo-engine")?;
    let metrics = Metrics::new(&registry)?;
    metrics.know(&deps.rules.current());
    let present = Present::new()?;
    registry.register(Box::new(present.clone()))?;

    let (held, standing) = (Held::new(deps.log.partitions()), Standing::default());
    let alertmanager = &settings.alertmanager;
    let watched = standing.clone();
    let watchdog = Watchdog::new(move || watched.check().is_ok());
    let pager = Pager::new(
        PagerSettings {
            urls: alertmanager.urls.clone(),
            resend: alertmanager.resend,
            timeout: alertmanager.timeout,
            language: alertmanager.language,
            public_url: settings.public_url.clone(),
            runbooks: alertmanager.runbooks.clone(),
            watchdog: Some(watchdog).filter(|_| alertmanager.watchdog),
        },
        deps.log.clone(),
        held.clone(),
        &registry,
    )?;
    let rules = deps.rules.clone();
    let courier = Courier::new(
        deps.log.clone(),
        move || rules.current(),
        need_keys(&deps.rules)?,
        Patience::default(),
        &registry,
    )?;
    let mut parts = JoinSet::new();
    let worker = Worker {
        log: deps.log.clone(),
        bus: deps.bus.clone(),
        rules: deps.rules.clone(),
        pager: pager.handle(),
        courier,
        metrics,
        present,
        standing: standing.clone(),
    };
    let file = settings.storage.url.is_none().then(|| settings.storage.path.clone());
    let log_metrics = LogMetrics::new(deps.log.clone(), standing.clone(), file, &registry)?;
    parts.spawn(judge_and_page(Supervisor::new(worker, held), pager, shutdown.clone()));
    let (checked, described) = (standing.clone(), standing);
    let operations = assembly::operations(&deps, registry)?
        .check("engine", move || std::future::ready(checked.check()))
        .detail("partitions", move || described.describe())
        .measure(move || log_metrics.clone().measure());
    parts.spawn(janitor::run(deps.log.clone(), settings.storage.retention, shutdown.clone()));
    let service = Service {
        name: "slo-engine",
        router: routes::router(),
        operations,
        sockets: Sockets::new(0),
        limits: Limits::default(),
    };
    parts.spawn(http_service::serve(service, listener, shutdown.clone(), assembly::leave(&settings)));

    let mut outcome = Ok(());
    while let Some(ended) = parts.join_next().await {
        // A part that ends takes the others with it; a part that fails says why.
        shutdown.cancel();
        outcome = outcome.and(ended.context("a part of the engine panicked").flatten());
    }
    outcome
}

/// From now on no rules come in force that name a webhook without a key to sign with; answers where the keys are.
fn need_keys(rules: &LiveRules) -> anyhow::Result<Secrets> {
    let secrets = Secrets::of_process();
    courier::check(&rules.current().actions.webhooks, &secrets)?;
    let of_reload = secrets.clone();
    rules.guard(move |rules| Ok(courier::check(&rules.actions.webhooks, &of_reload)?));
    Ok(secrets)
}

/// In its order at the end: the engines write their last, the pager hands it over, and only then others take over.
async fn judge_and_page(mut supervisor: Supervisor, pager: Pager, shutdown: CancellationToken) -> anyhow::Result<()> {
    let paging = CancellationToken::new();
    let judge = async {
        let ended = supervisor.run(&shutdown).await;
        paging.cancel();
        ended
    };
    let (ended, ()) = tokio::join!(judge, pager.run(paging.clone()));
    supervisor.leave().await;
    ended
}
