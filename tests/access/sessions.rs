//! A browser shows a token once.

use reqwest::Response;
use serde_json::{Value, json};

use super::locked::{Locked, cookie, outcome};

async fn session(it: &Locked, service: &str, cookie: &str) -> Response {
    it.request("GET", &format!("{service}/api/v1/session")).header("cookie", cookie).send().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_logs_in_once_for_all_pages_and_out() {
    let it = Locked::start().await;
    let token = it.token("ann", "read,operate", &["--expires", "1h"]);
    let url = format!("{}/api/v1/session", it.suite.pulse);
    let body = json!({ "token": token });
    let answer = it.request("POST", &url).json(&body).send().await.unwrap();
    let set = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(set.contains("; HttpOnly") && set.contains("; SameSite=Lax") && set.contains("; Path=/"), "{set}");
    assert!(!set.contains("Secure"), "{set}");
    let cookie = cookie(&answer);
    let told: Value = answer.json().await.unwrap();
    assert_eq!(
        (&told["name"], &told["scopes"], &told["mode"]),
        (&json!("ann"), &json!(["read", "operate"]), &json!("locked"))
    );
    assert!(told["expires_at"].is_string());

    // At once, whichever service is asked.
    for service in [&it.suite.pulse, &it.suite.seams, &it.suite.voices, &it.suite.slo_engine] {
        let again: Value = session(&it, service, &cookie).await.json().await.unwrap();
        assert_eq!(again, told, "{service}");
    }
    // By TLS, which only a proxy knows, the cookie never travels without.
    let by_tls = it.request("POST", &url).header("x-forwarded-proto", "https").json(&body).send().await.unwrap();
    assert!(by_tls.headers()["set-cookie"].to_str().unwrap().contains("; Secure"));

    let foreign =
        it.request("DELETE", &url).header("cookie", &cookie).header("origin", "https://elsewhere.example.com");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    assert_eq!(session(&it, &it.suite.seams, &cookie).await.status(), 200);
    let out =
        it.request("DELETE", &url).header("cookie", &cookie).header("origin", &it.suite.pulse).send().await.unwrap();
    assert_eq!(out.status(), 204);
    assert!(out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(outcome(session(&it, &it.suite.pulse, &cookie).await).await, (401, "unknown_credential".into()));
    assert_eq!(it.request("DELETE", &url).send().await.unwrap().status(), 204, "whoever has none is out already");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_come_in_is_told_why() {
    let it = Locked::start().await;
    let url = format!("{}/api/v1/session", it.suite.pulse);
    assert_eq!(outcome(it.request("GET", &url).send().await.unwrap()).await, (401, "no_credential".into()));
    let log_in = async |token: &str| {
        outcome(it.request("POST", &url).json(&json!({ "token": token })).send().await.unwrap()).await
    };
    assert_eq!(log_in("rubbish").await, (401, "bad_credential".into()));
    let revoked = it.token("ann", "read", &[]);
    it.revoke(&revoked);
    assert_eq!(log_in(&revoked).await, (401, "credential_revoked".into()));
    let foreign = it.request("POST", &url).header("origin", "https://elsewhere.example.com");
    let foreign = foreign.json(&json!({ "token": revoked })).send().await.unwrap();
    assert_eq!(outcome(foreign).await, (403, "cross_origin".into()));

    // Ten failures, and the address waits; a right token is let in from there all the same.
    let from_one = async |token: &str| {
        let request = it.suite.client.post(&url).header("x-forwarded-for", "192.0.2.7");
        request.json(&json!({ "token": token })).send().await.unwrap()
    };
    for _ in 0..10 {
        assert_eq!(from_one("rubbish").await.status(), 401);
    }
    let held = from_one("rubbish").await;
    let wait: u64 = held.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(outcome(held).await, (429, "too_many_failures".into()));
    assert_eq!(log_in("rubbish").await.0, 401, "another address");
    assert_eq!(
        from_one(&it.token("bob", "read", &[])).await.status(),
        429,
        "one that is not known yet is not looked for"
    );
    let known = it.token("cid", "read", &[]);
    it.log_in(&known).await;
    assert_eq!(from_one(&known).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_suite_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let suite = crate::suite::Suite::start(folder.path(), &[]).await;
    let told = suite.get("/api/v1/session").await;
    assert_eq!(told, json!({ "mode": "open", "scopes": ["ingest", "read", "operate"] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_told_that_a_service_is_well_and_nothing_more() {
    let it = Locked::start().await;
    let reader = it.token("reader", "read", &[]);
    for service in [&it.suite.pulse, &it.suite.slo_engine] {
        let ready = async |token: Option<&str>| -> Value {
            let request = it.request("GET", &format!("{service}/-/ready"));
            let request = token.into_iter().fold(request, |request, token| request.bearer_auth(token));
            request.send().await.unwrap().json().await.unwrap()
        };
        assert_eq!(ready(None).await, json!({ "status": "ready" }));
        crate::suite::eventually("a reader is told more", async || {
            ready(Some(&reader)).await["checks"]["log"].as_str().map(|_| ())
        })
        .await;
        let health: Value = it.request("GET", &format!("{service}/health")).send().await.unwrap().json().await.unwrap();
        assert_eq!(health["version"], Value::Null);
    }
}
