//! What people do is written down, and can be read.

use access::{Act, ActFilter, Caller, Need, Outcome, Scope};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Client, Lock};
use crate::Problem;

/// Most acts in one answer, and what is answered when nobody says how many.
const MOST: u32 = 1_000;
const SOME: u32 = 100;
/// Longest id that is written down: a path may hold anything.
const OF_BYTES: usize = 256;

/// The id of what a handler has made, as an extension of its response: the audit names it.
#[derive(Clone, Debug)]
pub struct Made(pub String);

/// An act that is under way. One that is not ended, because the client went away or time was over, may have been done.
pub(super) struct Pending {
    lock: Lock,
    act: Option<Act>,
    is_begun: bool,
}

impl Pending {
    /// What will be written down of this request, if anything.
    pub(super) fn of(
        lock: &Lock,
        need: Need,
        method: &Method,
        route: Option<&str>,
        path: &str,
        Client(from): Client,
    ) -> Option<Self> {
        let is_an_act = need == Need::Scope(Scope::Operate) && !super::is_safe(method);
        let route = route.filter(|_| is_an_act)?;
        let act = Act::now("", format!("{method} {route}"));
        let act = Act { from: Some(from.to_string()), of: named(route, path), ..act };
        Some(Self { lock: lock.clone(), act: Some(act), is_begun: false })
    }

    /// Who does it.
    pub(super) fn by(mut self, caller: &Caller) -> Self {
        if let Some(act) = &mut self.act {
            caller.who().clone_into(&mut act.who);
            act.token = caller.token().map(str::to_owned);
        }
        self
    }

    /// From now on it is written down, whatever happens.
    pub(super) fn begin(mut self) -> Self {
        self.is_begun = true;
        self
    }

    /// It was answered.
    pub(super) fn end(mut self, response: &Response) {
        let Some(mut act) = self.act.take() else { return };
        if let Some(Made(id)) = response.extensions().get() {
            act.of = Some(id.clone());
        }
        act.status = Some(response.status().as_u16());
        act.outcome = Outcome::of_status(response.status().as_u16());
        self.lock.access.record(act);
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(act) = self.act.take().filter(|_| self.is_begun) {
            self.lock.access.record(Act { outcome: Outcome::Failed, ..act });
        }
    }
}

/// What stands in the path where the route has a name.
fn named(route: &str, path: &str) -> Option<String> {
    let mut parts = route.split('/').zip(path.split('/'));
    let (_, named) = parts.find(|(part, _)| part.starts_with('{'))?;
    let end = named.char_indices().map(|(start, c)| start + c.len_utf8()).take_while(|end| *end <= OF_BYTES).last();
    Some(named[..end.unwrap_or_default()].to_owned())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// At most this many, up to 1,000.
    #[param(example = 100)]
    limit: Option<u32>,
    /// Only those before this number: `next` of the page before.
    before: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Acts {
    /// The latest first.
    #[schema(value_type = Vec<Object>)]
    acts: Vec<Act>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

pub(super) fn router(lock: Lock) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(audit)).with_state(lock)
}

/// Who did what, the latest first: what people asked for and what became of it, log-ins, tokens made and revoked.
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "access", params(Page),
    responses(
        (status = OK, body = Acts),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The store is away"),
    )
)]
async fn audit(State(lock): State<Lock>, Query(page): Query<Page>) -> Result<Json<Acts>, Problem> {
    let limit = page.limit.unwrap_or(SOME).clamp(1, MOST);
    let acts = lock.access.acts(ActFilter { before: page.before, limit }).await.map_err(|error| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_failed", "the audit cannot be read now").because(error)
    })?;
    let next = acts.last().filter(|_| acts.len() == limit as usize).map(|act| act.number);
    Ok(Json(Acts { acts, next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_names_what_it_is_about() {
        let of = |route, path| named(route, path);
        assert_eq!(of("/api/v1/silences/{id}", "/api/v1/silences/3-1.silence"), Some("3-1.silence".into()));
        assert_eq!(of("/api/v1/experiments/{id}/stop", "/api/v1/experiments/3-1/stop"), Some("3-1".into()));
        assert_eq!(of("/-/reload", "/-/reload"), None);
        let long = format!("/api/v1/silences/{}", "\u{2206}".repeat(200));
        assert_eq!(of("/api/v1/silences/{id}", &long).map(|of| of.chars().count()), Some(OF_BYTES / 3));
    }
}
