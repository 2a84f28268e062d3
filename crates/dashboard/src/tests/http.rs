use domain::{Score, SignalValue, Vital};
use serde_json::{Value, json};

use super::server::{Server, bounds, sample};

#[tokio::test]
async fn subjects_are_told_with_their_present() {
    let server = Server::start().await;
    server.store(vec![sample("agent-7", 1, 0.3), sample("Агент", 2, 0.4)]).await;
    server.await_metric("iskra_hub_subjects 2").await;
    let (status, body) = server.get("/api/v1/subjects").await;
    assert_eq!(status, 200);
    assert_eq!(
        body["subjects"][0],
        json!({
            "subject": "agent-7", "light": "black", "level": "OK",
            "latest": {"subject": "agent-7", "at": "2026-01-01T00:00:01Z", "pain": 0.3},
        })
    );
    let (status, body) = server.get("/api/v1/subjects/%D0%90%D0%B3%D0%B5%D0%BD%D1%82").await;
    assert_eq!((status, body["subject"]["latest"]["pain"].as_f64()), (200, Some(0.4)));
    let (status, problem) = server.get("/api/v1/subjects/nobody").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")));
    let (status, _) = server.get("/api/v1/subjects/a%20b").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_past_is_told_raw_and_in_buckets() {
    let server = Server::start().await;
    server.store((0..20).map(|second| sample("agent-7", second, f64::from(second as u8) / 100.0)).collect()).await;
    let range = "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:20Z";
    let (status, body) = server.get(&format!("/api/v1/subjects/agent-7/history?{range}&limit=15")).await;
    assert_eq!(status, 200, "{body}");
    let history = &body["history"];
    assert_eq!((history["resolution"].as_str(), history["truncated"].as_bool()), (Some("raw"), Some(true)));
    assert_eq!(history["samples"].as_array().unwrap().len(), 15);
    assert_eq!(history["from"], "2026-01-01T00:00:00Z");

    let (_, body) = server.get(&format!("/api/v1/subjects/agent-7/history?{range}&step=10s")).await;
    let history = &body["history"];
    assert_eq!((history["resolution"].as_str(), history["step_seconds"].as_f64()), (Some("buckets"), Some(10.0)));
    let pain = &history["points"][1]["pain"];
    assert_eq!((pain["min"].as_f64(), pain["max"].as_f64(), pain["count"].as_u64()), (Some(0.1), Some(0.19), Some(10)));
    assert!(history["points"][1].get("trust").is_none());
}

#[tokio::test]
async fn parameters_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    for query in [
        "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=yesterday",
        "step=0",
        "limit=0",
        "limit=20001",
        "form=2026-01-01T00:00:00Z",
    ] {
        let (status, problem) = server.get(&format!("/api/v1/subjects/agent-7/history?{query}")).await;
        assert_eq!(status, 400, "{query}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{query}: {problem}");
    }
    let (status, _) = server.get("/api/v1/alerts?state=burning").await;
    assert_eq!(status, 400);
    let (status, problem) = server.get("/api/v1/alerts/1-1.x").await;
    assert_eq!((status, problem["code"].as_str()), (404, Some("not_found")));
    let (status, body) = server.get("/api/v1/alerts?state=firing&limit=5").await;
    assert_eq!((status, body), (200, json!({"alerts": []})));
}

#[tokio::test]
async fn the_bands_in_force_are_told() {
    let server = Server::with("voices", 8, bounds()).await;
    let (_, body) = server.get("/api/v1/config").await;
    let config = &body["config"];
    assert_eq!(config["service"], "voices");
    assert_eq!(config["staleness_seconds"], 60.0);
    assert_eq!(config["is_paging"], false);
    assert_eq!(config["ports"], json!({ "pulse": 3001, "seams": 4002, "voices": 0 }));
    assert_eq!(config["bands"].as_array().unwrap().len(), 4);
    let pain = &config["bands"][3];
    assert_eq!((pain["vital"].as_str(), pain["name"]["ru"].as_str()), (Some("pain"), Some("Боль")));
    let low: Vec<&Value> = pain["edges"].as_array().unwrap().iter().filter(|edge| edge["side"] == "low").collect();
    let shipped = include_str!("../../../../config/slo-thresholds-matrix.yml");
    let line = shipped.lines().position(|line| line == "      warn: \"< 0.20\"").unwrap() + 1;
    let expected = json!({
        "rule": "pain_warn_low", "side": "low", "priority": "P2", "level": "WARN", "at": 0.2, "inclusive": false,
        "name": "PainWarnLow", "for_seconds": 120.0, "keep_firing_seconds": 0.0,
        "reason": low[0]["reason"], "recommendation": low[0]["recommendation"],
        "file": "slo-thresholds-matrix.yml", "line": line,
    });
    assert_eq!(low, [&expected]);
    assert_eq!(low[0]["reason"]["en"], "No pain at all is suspicious: problems may be going unseen.");
    assert_eq!((&pain["hysteresis"], &pain["cooldown_seconds"]), (&json!(0.02), &json!(60.0)));
}

#[tokio::test]
async fn objectives_and_chains_are_told() {
    let server = Server::start().await;
    let (_, body) = server.get("/api/v1/config").await;
    let config = &body["config"];
    let expected = json!({"vital": "clarity", "share": 0.99, "period_seconds": 2_592_000.0});
    assert_eq!((&config["objectives"][0], config["objectives"].as_array().unwrap().len()), (&expected, 4));
    let step = |role: &str, minutes: u64, channels: Value| json!({"role": role, "after_seconds": minutes * 60, "channels": channels});
    let chain = &config["chains"]["P0"];
    assert_eq!(chain[0], step("DevOps Lead", 0, json!(["slack", "pagerduty"])));
    assert_eq!(chain[2]["after_seconds"], 900);
    assert_eq!(config["chains"].as_object().unwrap().keys().collect::<Vec<_>>(), ["P0", "P1", "P2"]);
}

#[tokio::test]
async fn the_document_of_the_api_names_every_path_and_the_fields_of_a_sample() {
    let server = Server::start().await;
    let (_, api) = server.get("/api/openapi.json").await;
    let paths = ["subjects", "subjects/{subject}", "subjects/{subject}/history", "alerts", "alerts/{id}", "config"];
    for path in paths.into_iter().chain(["past", "events", "seams", "voices", "slo", "slo/report", "explain"]) {
        assert!(api["paths"][format!("/api/v1/{path}")]["get"].is_object(), "{path}");
    }
    let mut whole = sample("agent-7", 1, 0.3);
    Vital::ALL.into_iter().for_each(|vital| whole.vitals.set(vital, Score::new(0.5)));
    whole.signals.insert("drift".into(), SignalValue::Number(0.1));
    let whole = serde_json::to_value(&whole).unwrap();
    let keys = |value: &Value| {
        let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let schemas = &api["components"]["schemas"];
    assert_eq!(keys(&schemas["Sample"]["properties"]), keys(&whole));
    let of_rule = &schemas["RuleNow"]["properties"];
    for field in ["value", "threshold", "held_seconds", "for_seconds", "alert", "notification", "inhibited_by"] {
        assert!(of_rule[field].is_object(), "{field}: {of_rule}");
    }
}

#[tokio::test]
async fn the_service_is_ready_while_it_follows_the_log() {
    let server = Server::start().await;
    let (status, body) = server.get("/-/ready").await;
    assert_eq!((status, body["checks"]["live_view"].as_str()), (200, Some("ok")));
}
