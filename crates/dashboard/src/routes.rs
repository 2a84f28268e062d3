//! The read API that all dashboards share.

mod alerts;
mod artifacts;
mod bodies;
mod config;
mod events;
mod experiments;
mod history;
mod past;
mod query;
mod report;
mod silences;
mod standing;
mod subjects;

use axum::http::{StatusCode, header};
use axum::routing::get;
use durable_log::LogError;
use http_service::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Dashboard;

/// What is said of the sockets, for programs to read; `/api/openapi.json` has what it refers to.
const ASYNCAPI: &str = include_str!("../../../docs/asyncapi.yml");

pub(crate) fn router(dashboard: Dashboard) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(subjects::all))
        .routes(routes!(subjects::one))
        .routes(routes!(history::history))
        .routes(routes!(past::past))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::one))
        .routes(routes!(silences::list))
        .routes(routes!(artifacts::list))
        .routes(routes!(artifacts::one))
        .routes(routes!(experiments::list))
        .routes(routes!(experiments::one))
        .routes(routes!(events::list))
        .routes(routes!(events::seams))
        .routes(routes!(standing::explain))
        .routes(routes!(standing::slo))
        .routes(routes!(standing::voices))
        .routes(routes!(report::report))
        .routes(routes!(config::config))
        .route("/api/asyncapi.yml", get(async || ([(header::CONTENT_TYPE, "application/yaml")], ASYNCAPI)))
        .with_state(dashboard)
}

/// What a failure of the log means to one who reads.
fn unreadable(error: LogError) -> Problem {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    match error {
        LogError::Closed => Problem::new(status, "stopping", "the service is stopping"),
        error => Problem::new(status, "store_failed", "the log cannot be read now").because(error),
    }
}
