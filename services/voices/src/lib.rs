#![doc = include_str!("../README.md")]

use std::sync::Arc;

use assembly::Deps;
use dashboard::Dashboard;
use settings::Settings;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

/// Runs the dashboard until `shutdown`.
pub async fn run(
    settings: Arc<Settings>,
    deps: Deps,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> anyhow::Result<()> {
    let registry = telemetry::registry("voices")?;
    // The view lives until the last request is answered.
    let live = CancellationToken::new();
    let _until_the_end = live.clone().drop_guard();
    let backends = (deps.log.clone(), deps.bus.clone());
    let dashboard =
        Dashboard::start("voices", &settings, backends, deps.rules.clone(), &registry, live.clone()).await?;
    let service = dashboard.into_service(OpenApiRouter::new(), assembly::operations(&deps, registry)?);
    http_service::serve(service, listener, shutdown, assembly::leave(&settings)).await
}
