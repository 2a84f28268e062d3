use axum::Json;
use axum::extract::State;
use domain::{Level, Priority, Side, Text, Vital};
use rules::{Band, Edge};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Dashboard;

/// What is in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OneConfig {
    config: ConfigBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Config)]
struct ConfigBody {
    /// Which service answers.
    service: &'static str,
    version: &'static str,
    /// After how long without a value a vital is stale.
    staleness_seconds: f64,
    /// Whether an Alertmanager is set; if none is, alerts are only shown.
    is_paging: bool,
    /// One for each vital.
    bands: Vec<BandBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Band)]
struct BandBody {
    vital: Vital,
    name: Text,
    /// The best part of the OK zone, from and to.
    optimum: [f64; 2],
    /// What to aim for.
    target: f64,
    edges: Vec<EdgeBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Edge)]
struct EdgeBody {
    /// The rule's id.
    #[schema(example = "pain_warn_low")]
    rule: String,
    side: Side,
    priority: Priority,
    level: Level,
    /// Where it stands.
    at: f64,
    /// Whether a value on the edge itself is beyond it.
    inclusive: bool,
}

/// The bands by which samples are judged.
#[utoipa::path(
    get, path = "/api/v1/config", tag = "config",
    responses((status = OK, body = OneConfig, description = "What is in force now"))
)]
pub(super) async fn config(State(dashboard): State<Dashboard>) -> Json<OneConfig> {
    Json(OneConfig { config: ConfigBody::new(&dashboard) })
}

impl ConfigBody {
    fn new(dashboard: &Dashboard) -> Self {
        let Dashboard { name: service, is_paging, .. } = *dashboard;
        let rules = dashboard.rules.current();
        let staleness_seconds = rules.staleness.after.as_secs_f64();
        let bands = rules.bands.iter().map(BandBody::from).collect();
        Self { service, version: telemetry::VERSION, staleness_seconds, is_paging, bands }
    }
}

impl From<&Band> for BandBody {
    fn from(band: &Band) -> Self {
        Self {
            vital: band.vital,
            name: band.name.clone(),
            optimum: band.optimum.into(),
            target: band.target,
            edges: band.edges.iter().map(EdgeBody::from).collect(),
        }
    }
}

impl From<&Edge> for EdgeBody {
    fn from(edge: &Edge) -> Self {
        let Edge { side, priority, at, inclusive, .. } = *edge;
        Self { rule: edge.rule.clone(), side, priority, level: edge.level(), at, inclusive }
    }
}
