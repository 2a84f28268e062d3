use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use access::Caller;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use prometheus::{IntGaugeVec, Opts, Registry};
use serde_json::{Map, Value, json};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{Lock, Problem};

/// How long one readiness check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(1);

type Check = Arc<dyn Fn() -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;
type Detail = Arc<dyn Fn() -> String + Send + Sync>;
type Measure = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;
type Reload = Arc<dyn Fn() -> BoxFuture<'static, Result<Value, Problem>> + Send + Sync>;

/// What a service tells those who run it.
pub struct Operations {
    pub(crate) registry: Registry,
    pub(crate) lock: Lock,
    checks: Vec<(&'static str, Check)>,
    details: Vec<(&'static str, Detail)>,
    measures: Vec<Measure>,
    reload: Option<Reload>,
}

impl Operations {
    /// With the metrics of the service and the lock of its door, without checks and without reload.
    pub const fn new(registry: Registry, lock: Lock) -> Self {
        Self { registry, lock, checks: Vec::new(), details: Vec::new(), measures: Vec::new(), reload: None }
    }

    /// Adds a part that must work for the service to be ready. `check` says what is wrong with it, within a second.
    #[must_use]
    pub fn check<F>(mut self, name: &'static str, check: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.checks.push((name, Arc::new(move || check().boxed())));
        self
    }

    /// Adds something that is worth knowing and makes nobody unready. `detail` says how it is now, at once.
    #[must_use]
    pub fn detail(mut self, name: &'static str, detail: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.details.push((name, Arc::new(detail)));
        self
    }

    /// Adds what has to be asked for before metrics can tell it: `measure` is waited for at each scrape, for a second.
    #[must_use]
    pub fn measure<F>(mut self, measure: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.measures.push(Arc::new(move || measure().boxed()));
        self
    }

    /// Answers `POST /-/reload`: what is in force afterwards, or why the old goes on.
    #[must_use]
    pub fn on_reload<F>(mut self, reload: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, Problem>> + Send + 'static,
    {
        self.reload = Some(Arc::new(move || reload().boxed()));
        self
    }

    /// The routes. `closing` makes the service not ready.
    pub(crate) fn router(self, service: &'static str, closing: CancellationToken) -> prometheus::Result<OpenApiRouter> {
        let (checks, details, measures) = (self.checks.into(), self.details.into(), self.measures.into());
        let opts = Opts::new("iskra_ready", "Whether a part works that the service needs, by check: 1, else 0.");
        let is_ready = IntGaugeVec::new(opts, &["check"])?;
        self.registry.register(Box::new(is_ready.clone()))?;
        let shared = Shared { service, registry: self.registry, checks, details, measures, is_ready, closing };
        let router = self.lock.router();
        let own = OpenApiRouter::new()
            .routes(routes!(health))
            .routes(routes!(healthy))
            .routes(routes!(ready))
            .routes(routes!(metrics))
            .with_state(shared);
        let router = router.merge(own);
        Ok(match self.reload {
            Some(reload) => router.merge(OpenApiRouter::new().routes(routes!(reload_now)).with_state(reload)),
            None => router,
        })
    }
}

#[derive(Clone)]
struct Shared {
    service: &'static str,
    registry: Registry,
    checks: Arc<[(&'static str, Check)]>,
    details: Arc<[(&'static str, Detail)]>,
    measures: Arc<[Measure]>,
    is_ready: IntGaugeVec,
    closing: CancellationToken,
}

impl Shared {
    /// Runs all checks side by side.
    async fn check(&self) -> Vec<(&'static str, Result<(), String>)> {
        join_all(self.checks.iter().map(|(name, check)| async move { (*name, run(check()).await) })).await
    }

    /// Brings up to date what nobody tells by himself.
    async fn measure(&self) {
        let measures = join_all(self.measures.iter().map(|measure| timeout(CHECK_TIMEOUT, measure())));
        let (answers, _) = tokio::join!(self.check(), measures);
        for (name, answer) in answers {
            self.is_ready.with_label_values(&[name]).set(i64::from(answer.is_ok()));
        }
    }
}

/// Whether the process answers. Touches nothing else. Strangers are not told the version.
#[utoipa::path(get, path = "/health", tag = "operations", responses((status = 200, description = "It answers.", body = Object)))]
async fn health(State(shared): State<Shared>, Extension(caller): Extension<Caller>) -> Json<Value> {
    match caller.is_let_in() {
        true => Json(json!({ "status": "ok", "service": shared.service, "version": telemetry::VERSION })),
        false => Json(json!({ "status": "ok", "service": shared.service })),
    }
}

/// The same as `/health`.
#[utoipa::path(get, path = "/-/healthy", tag = "operations", responses((status = 200, description = "It answers.", body = Object)))]
async fn healthy(state: State<Shared>, caller: Extension<Caller>) -> Json<Value> {
    health(state, caller).await
}

/// Whether the service can do its work; names what does not work, and tells what it works with. Strangers are only told
/// whether.
#[utoipa::path(get, path = "/-/ready", tag = "operations", responses(
    (status = 200, description = "All parts work.", body = Object),
    (status = 503, description = "These do not, or the service is stopping.", body = Problem),
))]
async fn ready(State(shared): State<Shared>, Extension(caller): Extension<Caller>) -> Response {
    if shared.closing.is_cancelled() {
        return Problem::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", "the service is stopping").into_response();
    }
    let answers = shared.check().await;
    let failed: Vec<_> =
        answers.iter().filter_map(|(name, answer)| Some(format!("{name}: {}", answer.as_ref().err()?))).collect();
    if !caller.is_let_in() {
        return match failed.is_empty() {
            true => Json(json!({ "status": "ready" })).into_response(),
            false => {
                let detail = "something does not work: a token shows what";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).into_response()
            }
        };
    }
    let checks: Map<String, Value> = answers
        .iter()
        .map(|(name, answer)| ((*name).to_owned(), answer.as_ref().err().map_or("ok", String::as_str).into()))
        .collect();
    let details: Map<String, Value> =
        shared.details.iter().map(|(name, detail)| ((*name).to_owned(), detail().into())).collect();
    match failed.is_empty() {
        true => Json(json!({ "status": "ready", "checks": checks, "details": details })).into_response(),
        false => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", failed.join("; "))
            .with("checks", checks)
            .with("details", details)
            .into_response(),
    }
}

/// Only the outermost words of an error are shown; its causes may hold what is nobody's business.
async fn run(check: BoxFuture<'static, anyhow::Result<()>>) -> Result<(), String> {
    match timeout(CHECK_TIMEOUT, check).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::debug!("a readiness check failed: {error:#}");
            Err(error.to_string())
        }
        Err(_) => Err(format!("no answer within {} s", CHECK_TIMEOUT.as_secs())),
    }
}

/// The metrics, as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses((status = 200, description = "Text format 0.0.4.", body = String)))]
async fn metrics(State(shared): State<Shared>) -> Result<Response, Problem> {
    shared.measure().await;
    let text = telemetry::encode(&shared.registry)?;
    Ok(([(header::CONTENT_TYPE, telemetry::TEXT_FORMAT)], text).into_response())
}

/// Reads the rules again.
#[utoipa::path(post, path = "/-/reload", tag = "operations", responses(
    (status = 200, description = "What is in force now.", body = Object),
    (status = 422, description = "What is wrong, with file, line and column; the old goes on.", body = Problem),
))]
async fn reload_now(State(reload): State<Reload>) -> Result<Json<Value>, Problem> {
    reload().await.map(Json)
}
