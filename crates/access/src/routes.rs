//! The one table of what each route asks for.

use crate::Scope::{self, Ingest, Operate, Read};

/// What a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing: anybody may have it.
    Nothing,
    /// Nothing for the page, and what a [`Need::Socket`] asks for where the page's address is asked for a socket.
    Page,
    /// `read` or `ingest`: what may be said on the socket is asked when it is said.
    Socket,
    /// This scope.
    Scope(Scope),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The method; HEAD is GET.
    pub method: &'static str,
    /// The path as the router knows it; one that ends in `*` stands for all that begin so.
    pub path: &'static str,
    /// What it asks for.
    pub need: Need,
}

const fn route(method: &'static str, path: &'static str, need: Need) -> Route {
    Route { method, path, need }
}

/// Every route of every service. The end-to-end tests try each with every bad credential, and fail when one is missing.
pub const ROUTES: &[Route] = &[
    // The most asked for comes first.
    route("POST", "/api/v1/samples", Need::Scope(Ingest)),
    route("POST", "/v1/metrics", Need::Scope(Ingest)),
    route("POST", "/api/v1/write", Need::Scope(Ingest)),
    // Probes, pages, and the way in.
    route("GET", "/health", Need::Nothing),
    route("GET", "/-/healthy", Need::Nothing),
    route("GET", "/-/ready", Need::Nothing),
    route("GET", "/", Need::Page),
    route("GET", "/index.html", Need::Nothing),
    route("GET", "/assets/*", Need::Nothing),
    route("GET", "/api/v1/session", Need::Nothing),
    route("POST", "/api/v1/session", Need::Nothing),
    route("DELETE", "/api/v1/session", Need::Nothing),
    // Looking.
    route("GET", "/ws", Need::Socket),
    route("GET", "/realtime", Need::Socket),
    route("GET", "/metrics", Need::Scope(Read)),
    route("GET", "/api/openapi.json", Need::Scope(Read)),
    route("GET", "/api/asyncapi.yml", Need::Scope(Read)),
    route("GET", "/api/v1/alerts", Need::Scope(Read)),
    route("GET", "/api/v1/alerts/{id}", Need::Scope(Read)),
    route("GET", "/api/v1/artifacts", Need::Scope(Read)),
    route("GET", "/api/v1/artifacts/{id}", Need::Scope(Read)),
    route("GET", "/api/v1/config", Need::Scope(Read)),
    route("GET", "/api/v1/events", Need::Scope(Read)),
    route("GET", "/api/v1/experiments", Need::Scope(Read)),
    route("GET", "/api/v1/experiments/{id}", Need::Scope(Read)),
    route("GET", "/api/v1/experiments/{id}/run", Need::Scope(Read)),
    route("GET", "/api/v1/explain", Need::Scope(Read)),
    route("GET", "/api/v1/past", Need::Scope(Read)),
    route("GET", "/api/v1/seams", Need::Scope(Read)),
    route("GET", "/api/v1/silences", Need::Scope(Read)),
    route("GET", "/api/v1/slo", Need::Scope(Read)),
    route("GET", "/api/v1/slo/report", Need::Scope(Read)),
    route("GET", "/api/v1/subjects", Need::Scope(Read)),
    route("GET", "/api/v1/subjects/{subject}", Need::Scope(Read)),
    route("GET", "/api/v1/subjects/{subject}/history", Need::Scope(Read)),
    route("GET", "/api/v1/voices", Need::Scope(Read)),
    route("POST", "/api/v1/backtest", Need::Scope(Read)),
    // Doing.
    route("POST", "/api/v1/alerts/{id}/acknowledge", Need::Scope(Operate)),
    route("POST", "/api/v1/silences", Need::Scope(Operate)),
    route("DELETE", "/api/v1/silences/{id}", Need::Scope(Operate)),
    route("POST", "/api/v1/artifacts", Need::Scope(Operate)),
    route("POST", "/api/v1/experiments", Need::Scope(Operate)),
    route("POST", "/api/v1/experiments/{id}/stop", Need::Scope(Operate)),
    route("POST", "/-/reload", Need::Scope(Operate)),
    route("GET", "/api/v1/audit", Need::Scope(Operate)),
];

/// What a route asks for; one that the table does not know asks for `operate`. `path` is the one that the router found,
/// none where it found none.
pub fn need(method: &str, path: Option<&str>) -> Need {
    let method = if method == "HEAD" { "GET" } else { method };
    let is_it = |route: &&Route| match (route.path.strip_suffix('*'), path) {
        (Some(beginning), Some(path)) => path.starts_with(beginning),
        (None, path) => path == Some(route.path),
        (Some(_), None) => false,
    };
    let known = ROUTES.iter().filter(|route| route.method == method).find(is_it);
    known.map_or(Need::Scope(Operate), |route| route.need)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_table_does_not_know_asks_for_operate() {
        for (method, path, expected) in [
            ("GET", Some("/health"), Need::Nothing),
            ("HEAD", Some("/health"), Need::Nothing),
            ("POST", Some("/health"), Need::Scope(Operate)),
            ("GET", Some("/assets/main-1.js"), Need::Nothing),
            ("PUT", Some("/assets/main-1.js"), Need::Scope(Operate)),
            ("GET", Some("/assets"), Need::Scope(Operate)),
            ("GET", Some("/api/v1/alerts/{id}"), Need::Scope(Read)),
            ("GET", Some("/api/v1/anything"), Need::Scope(Operate)),
            ("OPTIONS", Some("/api/v1/samples"), Need::Scope(Operate)),
            ("GET", None, Need::Scope(Operate)),
        ] {
            assert_eq!(need(method, path), expected, "{method} {path:?}");
        }
    }

    #[test]
    fn no_route_is_there_twice() {
        for (index, one) in ROUTES.iter().enumerate() {
            let again = ROUTES[..index].iter().any(|other| (other.method, other.path) == (one.method, one.path));
            assert!(!again, "{} {}", one.method, one.path);
        }
    }
}
