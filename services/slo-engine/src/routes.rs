//! The engine has no page of its own: the dashboards show what it concludes. Its door says so.

use axum::Json;
use serde_json::{Value, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn router() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(about))
}

/// What this service is, and where to look.
#[utoipa::path(get, path = "/", tag = "operations", responses((status = OK, body = Object)))]
async fn about() -> Json<Value> {
    Json(json!({
        "service": "slo-engine",
        "what": "judges every sample and hands alerts to Alertmanager; the dashboards show what it concludes",
        "see": ["/-/ready", "/metrics", "/api/openapi.json"],
    }))
}
