use std::sync::Arc;

use anyhow::Context as _;
use durable_log::{Bus, Log};
use http_service::{Limits, Operations, Service, Sockets};
use hub::Hub;
use prometheus::Registry;
use rules::LiveRules;
use settings::{Ports, Settings};
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::socket::{Entrance, SampleDoor, SocketBounds};
use crate::{pages, routes};

/// A dashboard service: its live view, its sockets and what it reads from. Cheap to clone.
#[derive(Clone)]
pub struct Dashboard {
    /// Which of them: `pulse`, `seams` or `voices`.
    pub name: &'static str,
    /// The live view.
    pub hub: Arc<Hub>,
    /// Where the past is read from.
    pub log: Arc<dyn Log>,
    /// What is shown as the bands.
    pub rules: Arc<LiveRules>,
    /// Whether an Alertmanager is set; if none is, alerts are only shown.
    pub is_paging: bool,
    /// Where each page is served on this machine.
    pub ports: Ports,
    /// The open sockets.
    pub sockets: Sockets,
    /// What a client may do on its socket.
    pub bounds: SocketBounds,
    /// Takes the samples that come over sockets; none refuses them.
    pub door: Option<Arc<dyn SampleDoor>>,
}

impl Dashboard {
    /// Starts the live view, which follows the log until `end`: after the last request that reads it.
    pub async fn start(
        name: &'static str,
        settings: &Settings,
        (log, bus): (Arc<dyn Log>, Arc<dyn Bus>),
        rules: Arc<LiveRules>,
        registry: &Registry,
        end: CancellationToken,
    ) -> anyhow::Result<Self> {
        let hub = Hub::start(log.clone(), bus, registry, end).await.context("starting the live view")?;
        let sockets = Sockets::new(settings.sockets.max.get());
        let bounds = SocketBounds::from_settings(&settings.sockets);
        let is_paging = !settings.alertmanager.urls.is_empty();
        Ok(Self { name, hub, log, rules, is_paging, ports: settings.ports, sockets, bounds, door: None })
    }

    /// The page, the read API and the sockets.
    pub fn router(&self) -> OpenApiRouter {
        let entrance = Entrance::new(self);
        routes::router(self.clone())
            .merge(entrance.clone().router().into())
            .merge(pages::router(self.name, entrance).into())
    }

    /// The whole service: `more` routes of its own besides the shared ones, ready while the live view follows the log.
    pub fn into_service(self, more: OpenApiRouter, operations: Operations) -> Service {
        let (router, hub) = (self.router().merge(more), self.hub);
        let operations = operations.check("live_view", move || {
            let is_live = hub.is_live();
            async move { is_live.then_some(()).context("the live view does not follow the log") }
        });
        Service { name: self.name, router, operations, sockets: self.sockets, limits: Limits::default() }
    }
}
