use std::time::Duration;

use access::{Denied, Scope};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Problem;

/// A token that asks too often may come back when its second is over.
const A_SECOND: Duration = Duration::from_secs(1);

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It shows nothing.
    NoCredential,
    /// The token that it shows.
    Token(Denied),
    /// The session that it shows.
    Session(Denied),
    /// Its cookie does not count: a page of another origin makes the browser send it.
    CrossOrigin,
    /// It may not have this.
    Scope(Scope),
    /// It may neither look nor send.
    Socket,
}

impl Refusal {
    /// Whether it is worth a line of the audit: somebody who is known, or who has tried something. A browser whose session
    /// is over has not.
    pub(super) const fn is_an_act(self) -> bool {
        match self {
            Self::NoCredential | Self::Session(_) => false,
            Self::Token(denied) => !matches!(denied, Denied::TooManyFailures(_) | Denied::TooManyRequests),
            Self::CrossOrigin | Self::Scope(_) | Self::Socket => true,
        }
    }

    pub(super) fn problem(self) -> Problem {
        let unauthorized = |code, detail| Problem::new(StatusCode::UNAUTHORIZED, code, detail);
        let forbidden = |code, detail| Problem::new(StatusCode::FORBIDDEN, code, detail);
        let busy = |code, detail| Problem::new(StatusCode::TOO_MANY_REQUESTS, code, detail);
        match self {
            Self::NoCredential => unauthorized(
                "no_credential",
                "this needs a token: send `Authorization: Bearer iskra_…`, or log in; `iskra token create` makes one"
                    .to_owned(),
            ),
            Self::Token(Denied::Malformed) => unauthorized(
                "bad_credential",
                "what was sent has not the form of a token: `Authorization: Bearer iskra_…`, once".to_owned(),
            ),
            Self::Token(Denied::Unknown) => unauthorized("unknown_credential", "there is no such token".to_owned()),
            Self::Session(Denied::Malformed | Denied::Unknown) => {
                unauthorized("unknown_credential", "the session is over, or there never was one: log in".to_owned())
            }
            Self::Token(Denied::Expired) => unauthorized("credential_expired", "the token's time is over".to_owned()),
            Self::Session(Denied::Expired) => {
                unauthorized("credential_expired", "the session's time is over, or its token's: log in".to_owned())
            }
            Self::Token(Denied::Revoked) => unauthorized("credential_revoked", "the token was revoked".to_owned()),
            Self::Session(Denied::Revoked) => {
                unauthorized("credential_revoked", "the token of the session was revoked".to_owned())
            }
            Self::Token(Denied::TooManyFailures(wait)) | Self::Session(Denied::TooManyFailures(wait)) => {
                busy("too_many_failures", "too many failed attempts from this address: wait".to_owned())
                    .retry_after(wait)
            }
            Self::Token(Denied::TooManyRequests) | Self::Session(Denied::TooManyRequests) => {
                let detail = "this token asks more often than `access.requests_per_second` allows".to_owned();
                busy("too_many_requests", detail).retry_after(A_SECOND)
            }
            Self::CrossOrigin => {
                let detail =
                    "a session counts only for pages of this address itself: this came from another".to_owned();
                forbidden("cross_origin", detail)
            }
            Self::Scope(scope) => {
                let name = scope.name();
                let detail = format!("the token may not do this: it lacks the scope `{name}`");
                forbidden("scope_missing", detail).with("scope", name)
            }
            Self::Socket => {
                let detail = "the token may neither look nor send: it lacks the scopes `read` and `ingest`".to_owned();
                forbidden("scope_missing", detail).with("scope", Scope::Read.name())
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.problem().into_response();
        if response.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
