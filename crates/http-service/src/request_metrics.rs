use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus::{HistogramOpts, HistogramVec, Registry};

/// How long requests take. The labels are closed: routes of the service, methods, statuses.
#[derive(Clone)]
pub(crate) struct RequestMetrics {
    seconds: HistogramVec,
}

impl RequestMetrics {
    pub(crate) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let opts = HistogramOpts::new("iskra_http_request_seconds", "From the request's headers to the response's.");
        let opts = opts.buckets(telemetry::latency_buckets());
        let seconds = HistogramVec::new(opts, &["method", "route", "status"])?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Self { seconds })
    }

    pub(crate) async fn observe(State(metrics): State<Self>, request: Request, next: Next) -> Response {
        let start = Instant::now();
        let method = method(request.method());
        let path = request.extensions().get::<MatchedPath>().cloned();
        let response = next.run(request).await;
        let route = path.as_ref().map_or("none", MatchedPath::as_str);
        let seconds = metrics.seconds.with_label_values(&[method, route, response.status().as_str()]);
        seconds.observe(start.elapsed().as_secs_f64());
        response
    }
}

/// Clients may invent methods; labels may not be invented.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
