//! Logging in and out: a browser shows a token once and gets a cookie for it.

use access::{Act, Caller, Outcome, Scopes};
use axum::Json;
use axum::extract::{DefaultBodyLimit, Extension, FromRequest, Request, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::credential::COOKIE;
use super::origin::{From, said};
use super::refusal::Refusal;
use super::{Client, Lock};
use crate::Problem;

/// Anybody may send it.
const BODY_BYTES: usize = 4 * 1024;

/// The token that a person was given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogIn {
    #[schema(example = "iskra_…")]
    token: String,
}

/// Who is logged in.
#[derive(Debug, Serialize, ToSchema)]
struct SessionBody {
    /// The token's name; none in open mode.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// What they may: `ingest`, `read`, `operate`.
    #[schema(value_type = Vec<String>)]
    scopes: Scopes,
    /// `locked`, or `open`: nobody is asked who they are.
    #[schema(value_type = String)]
    mode: &'static str,
    /// When this ends by itself, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

impl SessionBody {
    fn of(caller: &Caller) -> Self {
        let name = caller.name().map(str::to_owned);
        let mode = if name.is_some() { "locked" } else { "open" };
        Self { name, scopes: caller.scopes(), mode, expires_at: caller.ends_at() }
    }
}

pub(super) fn router(lock: Lock) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(show, log_in, log_out))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(lock)
}

/// Who is logged in, and what they may.
#[utoipa::path(
    get, path = "/api/v1/session", tag = "access",
    responses(
        (status = OK, body = SessionBody),
        (status = UNAUTHORIZED, body = Problem, description = "Nobody, or not any more: log in"),
        (status = FORBIDDEN, body = Problem, description = "A page of another origin asks"),
    )
)]
async fn show(State(lock): State<Lock>, Extension(from): Extension<Client>, headers: HeaderMap) -> Response {
    if !lock.access.is_locked() {
        return Json(SessionBody::of(&Caller::anybody())).into_response();
    }
    match lock.identify(&Method::GET, &headers, false, from).await {
        Ok(caller) => Json(SessionBody::of(&caller)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Logs in: the answer sets a cookie that lasts at most twelve hours, and ends with the token.
#[utoipa::path(
    post, path = "/api/v1/session", tag = "access", request_body = LogIn,
    responses(
        (status = OK, body = SessionBody),
        (status = UNAUTHORIZED, body = Problem, description = "No such token, or not any more"),
        (status = FORBIDDEN, body = Problem, description = "A page of another origin asks"),
        (status = TOO_MANY_REQUESTS, body = Problem, description = "Too many failed attempts: `Retry-After` says how long to wait"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The store is away"),
    )
)]
async fn log_in(State(lock): State<Lock>, Extension(from): Extension<Client>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let is_by_tls = lock.is_by_tls(&parts.extensions, &parts.headers);
    if matches!(said(&parts.headers), From::Elsewhere { .. }) {
        return Refusal::CrossOrigin.into_response();
    }
    let Json(LogIn { token }) = match Json::from_request(Request::from_parts(parts, body), &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    if !lock.access.is_locked() {
        return Json(SessionBody::of(&Caller::anybody())).into_response();
    }
    let logged_in = lock.log_in(token.trim(), from, is_by_tls).await;
    logged_in.unwrap_or_else(IntoResponse::into_response)
}

/// Logs out: the session ends, the cookie goes. Whoever has none is logged out already.
#[utoipa::path(
    delete, path = "/api/v1/session", tag = "access",
    responses(
        (status = NO_CONTENT),
        (status = FORBIDDEN, body = Problem, description = "A page of another origin asks"),
        (status = SERVICE_UNAVAILABLE, body = Problem, description = "The store is away: the session goes on"),
    )
)]
async fn log_out(
    State(lock): State<Lock>,
    Extension(from): Extension<Client>,
    extensions: Extensions,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let is_by_tls = lock.is_by_tls(&extensions, &headers);
    if lock.access.is_locked() {
        match lock.identify(&Method::DELETE, &headers, false, from).await {
            Ok(caller) => lock.log_out(&caller, from).await?,
            Err(Refusal::CrossOrigin) => return Err(Refusal::CrossOrigin.problem()),
            Err(_) => {}
        }
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie("", 0, is_by_tls))]).into_response())
}

impl Lock {
    async fn log_in(&self, token: &str, from: Client, is_by_tls: bool) -> Result<Response, Problem> {
        let unavailable = |error| {
            let detail = "nobody can log in now: the store is away";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_failed", detail).because(error)
        };
        let act = Act { from: Some(from.0.to_string()), ..Act::now("nobody", "log in") };
        let refuse = |refusal: Refusal, act: Act| {
            let response = refusal.into_response();
            if refusal.is_an_act() {
                let status = Some(response.status().as_u16());
                self.access.record(Act { outcome: Outcome::Refused, status, ..act });
            }
            Ok(response)
        };
        let caller = match self.access.token(token, from.0).await {
            Ok(caller) => caller,
            Err(denied) => return refuse(Refusal::Token(denied), act),
        };
        let act = Act { who: caller.who().to_owned(), token: caller.token().map(str::to_owned), ..act };
        let Some((secret, session)) = self.access.begin_session(&caller).await.map_err(unavailable)? else {
            return refuse(Refusal::Token(access::Denied::Revoked), act);
        };
        self.access.record(Act { status: Some(StatusCode::OK.as_u16()), ..act });
        let lasts = session.expires_at.since(session.created_at).as_secs();
        let body = SessionBody { expires_at: Some(session.expires_at), ..SessionBody::of(&caller) };
        let cookie = cookie(secret.expose(), lasts, is_by_tls);
        Ok(([(header::SET_COOKIE, cookie)], Json(body)).into_response())
    }

    async fn log_out(&self, caller: &Caller, from: Client) -> Result<(), Problem> {
        let Some(session) = caller.session() else { return Ok(()) };
        self.access.end_session(session).await.map_err(|error| {
            let detail = "the store is away: the session goes on";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "store_failed", detail).because(error)
        })?;
        let (token, from) = (caller.token().map(str::to_owned), Some(from.0.to_string()));
        self.access.record(Act { token, from, ..Act::now(caller.who(), "log out") });
        Ok(())
    }
}

/// Read by no script, sent to this host alone, and not by pages of others but for plain links.
fn cookie(text: &str, lasts_seconds: u64, is_by_tls: bool) -> HeaderValue {
    let secure = if is_by_tls { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={text}; Path=/; Max-Age={lasts_seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&cookie).expect("hexadecimal digits and words are a header")
}
