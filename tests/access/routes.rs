//! Every route with every bad credential. A route that is new fails here until the table knows it.

use std::collections::BTreeSet;

use access::{Need, ROUTES, Route, Scope};
use futures_util::future::join_all;
use reqwest::RequestBuilder;
use serde_json::Value;
use test_support::Postgres;

use super::locked::{Locked, outcome};

/// What the document of a service does not name.
const UNDOCUMENTED: [(&str, &str); 6] = [
    ("GET", "/api/openapi.json"),
    ("GET", "/api/asyncapi.yml"),
    ("GET", "/ws"),
    ("GET", "/realtime"),
    ("GET", "/index.html"),
    ("GET", "/"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_every_bad_credential() {
    try_all(Locked::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_every_bad_credential_over_postgresql() {
    let url = Postgres::shared_database().await.unwrap();
    try_all(Locked::over(&["--set", &format!("storage.url={}", &*url)]).await).await;
}

/// Bad credentials: each with its name, how it is sent, and what is answered to it.
struct Bad {
    tokens: Vec<(&'static str, String, &'static str)>,
    /// One for each scope, which may all but it.
    without: Vec<(Scope, String)>,
    good_cookie: String,
    revoked_cookie: String,
}

async fn try_all(it: Locked) {
    let reader = it.token("reader", "read", &[]);
    let all = it.token("all", "ingest,read,operate", &[]);
    let revoked = it.token("revoked", "ingest,read,operate", &[]);
    let revoked_cookie = it.log_in(&revoked).await;
    it.revoke(&revoked);
    let but = |lacking: Scope| {
        let others = Scope::ALL.iter().filter(|scope| **scope != lacking).map(|scope| scope.name());
        it.token("partial", &others.collect::<Vec<_>>().join(","), &[])
    };
    let unknown = format!("iskra_0123456789ab_{}", "0".repeat(64));
    let bearer = |token: &str| format!("Bearer {token}");
    let bad = Bad {
        tokens: vec![
            ("garbage", bearer("rubbish"), "bad_credential"),
            ("another scheme", "Basic YW5uOnNlY3JldA==".into(), "bad_credential"),
            ("a header without a scheme", all.clone(), "bad_credential"),
            ("a token that is cut off", bearer(&all[..all.len() - 1]), "bad_credential"),
            ("a token that never was", bearer(&unknown), "unknown_credential"),
            (
                "one that is over",
                bearer(&it.token("over", "ingest,read,operate", &["--expires", "1ms"])),
                "credential_expired",
            ),
            ("one that was revoked", bearer(&revoked), "credential_revoked"),
        ],
        without: Scope::ALL.map(|scope| (scope, but(scope))).into(),
        good_cookie: it.log_in(&all).await,
        revoked_cookie,
    };
    // Until the services have read the revocation.
    crate::suite::eventually("the revocation holds", async || {
        let answer = it.request("GET", &format!("{}/api/v1/alerts", it.suite.seams));
        (answer.bearer_auth(&revoked).send().await.ok()?.status() == 401).then_some(())
    })
    .await;
    let mut seen = BTreeSet::new();
    for service in [&it.suite.pulse, &it.suite.seams, &it.suite.voices, &it.suite.slo_engine] {
        let mut tries = Vec::new();
        for (method, path) in routes(&it, service, &reader).await {
            let row = ROUTES.iter().find(|row| (row.method, row.path) == (method.as_str(), path.as_str()));
            let row = row.unwrap_or_else(|| panic!("access::ROUTES does not know {method} {path} of {service}"));
            seen.insert((row.method, row.path));
            tries.push(try_route(&it, service, row, &bad, &all));
        }
        // Side by side, because whoever is not known waits until the store was read.
        join_all(tries).await;
    }
    let unseen: Vec<_> =
        ROUTES.iter().filter(|row| !seen.contains(&(row.method, row.path))).map(|row| row.path).collect();
    assert_eq!(unseen, ["/assets/*"], "rows of routes that no service has");
    what_no_table_knows(&it, &reader).await;
}

/// Every route of a service: those of its document, and the others that it answers.
async fn routes(it: &Locked, service: &str, reader: &str) -> Vec<(String, String)> {
    let answer = it.request("GET", &format!("{service}/api/openapi.json")).bearer_auth(reader).send().await.unwrap();
    let document: Value = answer.json().await.unwrap();
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        routes.extend(methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    assert!(routes.len() > 5, "{service}");
    for (method, path) in UNDOCUMENTED {
        let answer = it.request(method, &format!("{service}{path}")).bearer_auth(reader).send().await.unwrap();
        // To a reader, what is not there asks for `operate`.
        if answer.status() != 403 && !routes.contains(&(method.to_owned(), path.to_owned())) {
            routes.push((method.to_owned(), path.to_owned()));
        }
    }
    routes
}

async fn try_route(it: &Locked, service: &str, row: &Route, bad: &Bad, all: &str) {
    let is_socket =
        row.need == Need::Socket || (row.need == Need::Page && !service.ends_with(&port(&it.suite.slo_engine)));
    let request = || ask(it, row.method, service, row.path, is_socket);
    let check = async |what: &str, request: RequestBuilder, expected: (u16, &str)| {
        let (status, code) = outcome(request.send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), expected, "{what}: {} {service}{}", row.method, row.path);
    };
    let is_let_in = async |what: &str, request: RequestBuilder| {
        let (status, code) = outcome(request.send().await.unwrap()).await;
        assert!(!matches!(status, 401 | 403 | 429), "{what}: {} {service}{}: {status} {code}", row.method, row.path);
    };
    let lacking = match row.need {
        _ if row.path == "/api/v1/session" => return,
        Need::Scope(scope) => Some(scope),
        Need::Page if is_socket => {
            is_let_in("the page itself", ask(it, row.method, service, row.path, false)).await;
            None
        }
        Need::Nothing | Need::Page => {
            is_let_in("nothing", request()).await;
            is_let_in("garbage", request().header("authorization", "Bearer rubbish")).await;
            return;
        }
        _ => None,
    };
    check("nothing", request(), (401, "no_credential")).await;
    for (what, header, code) in &bad.tokens {
        check(what, request().header("authorization", header), (401, code)).await;
    }
    let twice = request().header("authorization", format!("Bearer {all}")).header("authorization", "Bearer x");
    check("two credentials", twice, (401, "bad_credential")).await;
    for (scope, token) in bad.without.iter().filter(|(scope, _)| Some(*scope) == lacking) {
        check(&format!("all but {}", scope.name()), request().bearer_auth(token), (403, "scope_missing")).await;
    }
    let elsewhere = [("origin", "https://elsewhere.example.com"), ("sec-fetch-site", "cross-site")];
    for (name, value) in elsewhere.iter().skip(usize::from(is_socket)).chain(&elsewhere[..1]) {
        let request = request().header("cookie", &bad.good_cookie).header(*name, *value);
        check("a page of another origin", request, (403, "cross_origin")).await;
    }
    let over = request().header("cookie", &bad.revoked_cookie).header("origin", service);
    check("the cookie of a revoked token", over, (401, "unknown_credential")).await;
    let invented = request().header("cookie", "iskra_session=x").header("origin", service);
    check("a cookie that never was", invented, (401, "unknown_credential")).await;
    // And the right ones are let in, so that none of the above was refused for another reason.
    is_let_in("a token", request().bearer_auth(all)).await;
    is_let_in("a cookie", request().header("cookie", &bad.good_cookie).header("origin", service)).await;
}

fn port(service: &str) -> String {
    service.rsplit_once(':').unwrap().1.to_owned()
}

/// A request without a body, as good as can be without knowing the route.
fn ask(it: &Locked, method: &str, service: &str, path: &str, is_socket: bool) -> RequestBuilder {
    let path: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "nothing" } else { part }).collect();
    let request = it.request(method, &format!("{service}{}", path.join("/")));
    match is_socket {
        true => request
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        false => request,
    }
}

/// It asks for `operate`, whether there is anything or not.
async fn what_no_table_knows(it: &Locked, reader: &str) {
    for (method, path) in
        [("GET", "/api/v1/nothing"), ("GET", "/.env"), ("PUT", "/api/v1/samples"), ("OPTIONS", "/metrics")]
    {
        let url = format!("{}{path}", it.suite.pulse);
        let (status, code) = outcome(it.request(method, &url).send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), (401, "no_credential"), "{method} {path}");
        let (status, code) = outcome(it.request(method, &url).bearer_auth(reader).send().await.unwrap()).await;
        assert_eq!((status, code.as_str()), (403, "scope_missing"), "{method} {path}");
    }
}
