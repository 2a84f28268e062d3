use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::StatusCode;
use serde_json::json;

use super::{DEADLINE, Running, open_lock, problem, service};
use crate::{Limits, Operations, Problem, Service};

#[tokio::test]
async fn a_service_is_healthy_and_ready() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    for path in ["/health", "/-/healthy"] {
        let body: serde_json::Value = running.get(path).await.json().await.unwrap();
        assert_eq!(body, json!({ "status": "ok", "service": "test", "version": telemetry::VERSION }));
    }
    let ready = running.get("/-/ready").await;
    assert_eq!(ready.status(), StatusCode::OK);
    assert_eq!(
        ready.json::<serde_json::Value>().await.unwrap(),
        json!({ "status": "ready", "checks": {}, "details": {} })
    );
    running.stop().await;
}

#[tokio::test]
async fn readiness_names_the_part_that_failed_and_health_does_not_ask() {
    let bus_works = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&bus_works);
    let operations = Operations::new(telemetry::registry("test").unwrap(), open_lock())
        .check("log", async || Ok(()))
        .check("bus", move || {
            let works = asked.load(Ordering::SeqCst);
            async move {
                anyhow::ensure!(works, anyhow::anyhow!("password 1234").context("no connection"));
                Ok(())
            }
        })
        .check("pager", std::future::pending)
        .detail("store", || "PostgreSQL 15.20".to_owned());
    let running = Running::start(Service { operations, ..service(Limits::default()) }, DEADLINE).await;

    assert_eq!(running.get("/health").await.status(), StatusCode::OK);
    let ready = running.get("/-/ready").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    insta::assert_json_snapshot!(problem(ready).await, @r#"
    {
      "checks": {
        "bus": "no connection",
        "log": "ok",
        "pager": "no answer within 1 s"
      },
      "code": "not_ready",
      "detail": "bus: no connection; pager: no answer within 1 s",
      "details": {
        "store": "PostgreSQL 15.20"
      },
      "status": 503,
      "title": "Service Unavailable",
      "type": "about:blank"
    }
    "#);

    let told = async || running.get("/metrics").await.text().await.unwrap();
    let text = told().await;
    for (check, value) in [("log", 1), ("bus", 0), ("pager", 0)] {
        let line = format!("\niskra_ready{{check=\"{check}\"}} {value}\n");
        assert!(text.contains(&line), "no{line}in {text}");
    }

    bus_works.store(true, Ordering::SeqCst);
    assert!(told().await.contains("\niskra_ready{check=\"bus\"} 1\n"));
    assert_eq!(problem(running.get("/-/ready").await).await["checks"]["bus"], "ok");
    running.stop().await;
}

#[tokio::test]
async fn readiness_tells_what_is_worth_knowing_without_asking_for_it() {
    let is_live = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&is_live);
    let operations = Operations::new(telemetry::registry("test").unwrap(), open_lock())
        .detail("bus", move || if asked.load(Ordering::SeqCst) { "live".to_owned() } else { "polling".to_owned() });
    let running = Running::start(Service { operations, ..service(Limits::default()) }, DEADLINE).await;
    for (now, told) in [(true, "live"), (false, "polling")] {
        is_live.store(now, Ordering::SeqCst);
        let ready = running.get("/-/ready").await;
        assert_eq!(ready.status(), StatusCode::OK);
        assert_eq!(ready.json::<serde_json::Value>().await.unwrap()["details"], json!({ "bus": told }));
    }
    running.stop().await;
}

#[tokio::test]
async fn metrics_are_told_after_what_has_to_be_asked_for() {
    let registry = telemetry::registry("test").unwrap();
    let gauge = prometheus::IntGauge::new("iskra_test_rooms", "For the test.").unwrap();
    registry.register(Box::new(gauge.clone())).unwrap();
    let operations = Operations::new(registry, open_lock()).measure(std::future::pending).measure(move || {
        let gauge = gauge.clone();
        async move { gauge.inc() }
    });
    let running = Running::start(Service { operations, ..service(Limits::default()) }, DEADLINE).await;
    for times in 1..=2 {
        let text = running.get("/metrics").await.text().await.unwrap();
        assert!(text.contains(&format!("\niskra_test_rooms {times}\n")), "{text}");
    }
    running.stop().await;
}

#[tokio::test]
async fn a_stopping_service_is_not_ready() {
    use tower::ServiceExt as _;
    let service = service(Limits::default());
    let sockets = service.sockets.clone();
    let router = service.into_router().unwrap();
    sockets.close().await;
    let request = axum::http::Request::get("/-/ready").body(axum::body::Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let body = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).unwrap()["code"], "stopping");
}

#[tokio::test]
async fn metrics_count_requests_by_route_and_by_known_methods_only() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    running.get("/number/1").await;
    running.get("/number/2").await;
    running.get("/elsewhere").await;
    let strange = reqwest::Method::from_bytes(b"BREW").unwrap();
    running.client.request(strange, format!("http://{}/number", running.address)).send().await.unwrap();

    let response = running.get("/metrics").await;
    assert_eq!(response.headers()["content-type"], telemetry::TEXT_FORMAT);
    let text = response.text().await.unwrap();
    for line in [
        r#"iskra_http_request_seconds_count{method="GET",route="/number/{number}",status="200"} 2"#,
        r#"iskra_http_request_seconds_count{method="GET",route="none",status="404"} 1"#,
        r#"iskra_http_request_seconds_count{method="other",route="/number",status="405"} 1"#,
        r#"iskra_build_info{service="test",version=""#,
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    running.stop().await;
}

#[tokio::test]
async fn reload_answers_what_is_in_force_or_why_not() {
    let works = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&works);
    let operations = Operations::new(telemetry::registry("test").unwrap(), open_lock()).on_reload(move || {
        let works = asked.load(Ordering::SeqCst);
        async move {
            match works {
                true => Ok(json!({ "rules": "abc" })),
                false => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_rules", "line 3: no such vital")),
            }
        }
    });
    let running = Running::start(Service { operations, ..service(Limits::default()) }, DEADLINE).await;
    let reloaded = running.post("/-/reload", "").await;
    assert_eq!(reloaded.json::<serde_json::Value>().await.unwrap(), json!({ "rules": "abc" }));
    works.store(false, Ordering::SeqCst);
    assert_eq!(problem(running.post("/-/reload", "").await).await["code"], "bad_rules");
    running.stop().await;
}

#[tokio::test]
async fn without_a_reload_there_is_no_such_path() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    assert_eq!(running.post("/-/reload", "").await.status(), StatusCode::NOT_FOUND);
    running.stop().await;
}

#[tokio::test]
async fn the_openapi_document_names_the_service_and_its_routes() {
    let running = Running::start(service(Limits::default()), DEADLINE).await;
    let api: serde_json::Value = running.get("/api/openapi.json").await.json().await.unwrap();
    assert_eq!(api["info"]["title"], "Iskra test");
    let ready = &api["paths"]["/-/ready"]["get"]["responses"]["503"]["content"];
    assert!(ready.to_string().contains("#/components/schemas/Problem"), "{api}");
    assert!(api["components"]["schemas"]["Problem"]["properties"]["code"].is_object(), "{api}");
    running.stop().await;
}
