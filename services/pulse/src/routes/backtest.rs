//! `POST /api/v1/backtest`: what the past would have been, had edges of bands stood elsewhere.

mod bodies;
mod problems;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use backtest::{Bounds, Moment, Past, Period};
use domain::Timestamp;
use durable_log::Log;
use http_service::Problem;
use hub::Hub;
use rules::LiveRules;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use bodies::{BacktestRequest, OneBacktest};

/// How far back it is looked, if nobody says.
const SINCE: Moment = Moment::Ago(Duration::from_secs(7 * 86_400));
/// So much of the time before is judged too, and does not count.
const WARM_UP: Duration = Duration::from_secs(3_600);
/// The longest time that is judged.
const LONGEST: Duration = Duration::from_secs(31 * 86_400);
/// How long a request waits for the one before it: who drags an edge lets go of one and asks the next at once.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the route needs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bench {
    log: Arc<dyn Log>,
    hub: Arc<Hub>,
    rules: Arc<LiveRules>,
    /// One at a time: samples that arrive matter more than what the past might have been.
    place: Arc<Semaphore>,
    bounds: Bounds,
    /// How long it may take: less than any request may.
    deadline: Duration,
}

impl Bench {
    pub(crate) fn new(log: Arc<dyn Log>, hub: Arc<Hub>, rules: Arc<LiveRules>) -> Self {
        let place = Arc::new(Semaphore::new(1));
        // A month at one sample a second; two hours at 14 a second, which is some 40 MB.
        let bounds = Bounds { samples: 3_000_000, at_once: 100_000 };
        Self { log, hub, rules, place, bounds, deadline: Duration::from_secs(25) }
    }
}

pub(crate) fn router(bench: Bench) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(post_backtest)).with_state(bench)
}

/// Judges the past of a subject twice: by the rules in force, and by the same rules with some edges elsewhere.
///
/// Nothing is changed and nobody is told. The answer tells what was so under both, and has the lines of the file that
/// would make the edges stand there.
#[utoipa::path(
    post, path = "/api/v1/backtest", tag = "config",
    request_body = BacktestRequest,
    responses(
        (status = OK, body = OneBacktest, description = "What was so, and what would have been"),
        (status = NOT_FOUND, body = Problem, description = "Nothing was ever said of the subject"),
        (status = UNPROCESSABLE_ENTITY, body = Problem, description = "An edge that is not there or must not stand there, \
            with `file`, `line`, `column` and `hint`; or more of the past than may be judged"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "Another one is under way, it took too long, or the \
            log cannot be read now"),
    )
)]
async fn post_backtest(
    State(bench): State<Bench>,
    Json(request): Json<BacktestRequest>,
) -> Result<Json<OneBacktest>, Problem> {
    let period = request.period(bench.log.now())?;
    let BacktestRequest { subject, edges, .. } = request;
    if edges.is_empty() {
        return Err(problems::no_edges());
    }
    if bench.hub.subject(&subject).is_none() {
        return Err(Problem::not_found(format!("nothing is known of the subject `{subject}`")));
    }
    let Ok(Ok(place)) = timeout(PATIENCE, Arc::clone(&bench.place).acquire_owned()).await else {
        return Err(problems::under_way());
    };
    let loaded = bench.rules.loaded();
    let in_force = Arc::clone(&loaded.rules);
    // Reading all files takes milliseconds: not on a thread that serves requests.
    let moved = tokio::task::spawn_blocking(move || loaded.with_edges(&edges)).await.map_err(Problem::internal)?;
    let moved = moved.map_err(problems::not_moved)?;
    let past = Past { subjects: vec![subject.clone()], period, warm_up: WARM_UP };
    let rules = [Arc::clone(&in_force), Arc::clone(&moved.loaded.rules)];
    let compared = timeout(bench.deadline, past.compare_aside(&bench.log, rules, bench.bounds, place)).await;
    let compared = compared.map_err(|_| problems::too_slow())?.map_err(problems::not_judged)?;
    Ok(Json(OneBacktest::new(subject, period, &in_force, &compared, moved)))
}

impl BacktestRequest {
    fn period(&self, now: Timestamp) -> Result<Period, Problem> {
        let moment = |text: &Option<String>, name: &str| match text {
            Some(text) => text.parse().map(Some).map_err(|wrong| problems::bad_period(format!("`{name}`: {wrong}"))),
            None => Ok(None),
        };
        let until = moment(&self.until, "until")?.map_or(now, |until: Moment| until.before(now)).min(now);
        let since = moment(&self.since, "since")?.unwrap_or(SINCE).before(now);
        if since >= until {
            return Err(problems::bad_period("`since` lies before `until`, and before now".to_owned()));
        }
        if until.since(since) > LONGEST {
            return Err(problems::bad_period("at most 31 days are judged".to_owned()));
        }
        Ok(Period { since, until })
    }
}
