use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use utoipa::openapi::InfoBuilder;
use utoipa_axum::router::OpenApiRouter;

use crate::request_metrics::RequestMetrics;
use crate::{Operations, Sockets, layers};

/// What is served.
pub struct Service {
    /// Its name, e.g. `pulse`.
    pub name: &'static str,
    /// Its own routes; those made with `routes!` stand in `/api/openapi.json`.
    pub router: OpenApiRouter,
    /// What it tells those who run it.
    pub operations: Operations,
    /// Its WebSockets.
    pub sockets: Sockets,
    /// Bounds of requests and connections.
    pub limits: Limits,
}

/// Bounds of requests and connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open connections besides WebSockets; more wait until one is free.
    pub connections: usize,
    /// How long a client may take to send the headers of a request, or may stay silent between two requests.
    pub header_timeout: Duration,
    /// How long a request may take until its response begins.
    pub request_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // Far more than a page or a proxy opens, far fewer than the files a process may open.
            connections: 2048,
            header_timeout: Duration::from_secs(20),
            request_timeout: Duration::from_secs(30),
        }
    }
}

impl Service {
    /// Everything that is answered, with what happens to every request.
    pub(crate) fn into_router(self) -> anyhow::Result<Router> {
        let metrics = RequestMetrics::new(&self.operations.registry).context("cannot register the request metrics")?;
        self.sockets.register(&self.operations.registry).context("cannot register the metrics of sockets")?;
        let (lock, closing) = (self.operations.lock.clone(), self.sockets.closing());
        let operations = self.operations.router(self.name, closing.clone());
        let operations = operations.context("cannot register the metrics of readiness")?;
        let (router, mut api) = self.router.merge(operations).split_for_parts();
        api.info = InfoBuilder::new().title(format!("Iskra {}", self.name)).version(telemetry::VERSION).build();
        let api = api.to_json().context("cannot write the OpenAPI document")?;
        let answer = move || {
            let api = api.clone();
            async move { ([(header::CONTENT_TYPE, "application/json")], api) }
        };
        Ok(layers::wrap(router.route("/api/openapi.json", get(answer)), &self.limits, lock, metrics, closing.clone()))
    }
}
