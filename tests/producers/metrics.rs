//! Metrics of others: the SDK of OpenTelemetry for Python and Prometheus, as they are.

use serde_json::{Value, json};
use test_support::{Prometheus, free_port};
use tokio::process::Command;

use super::root;
use crate::suite::{Suite, eventually};

async fn samples(suite: &Suite, subject: &str) -> Vec<Value> {
    let answer = suite.get(&format!("/api/v1/subjects/{subject}/history")).await;
    let mut samples = answer["history"]["samples"].as_array().cloned().unwrap_or_default();
    for sample in &mut samples {
        sample.as_object_mut().unwrap().remove("at");
    }
    samples
}

/// The value of a metric of Pulse.
pub(super) async fn metric(suite: &Suite, series: &str) -> f64 {
    let text = suite.client.get(format!("{}/metrics", suite.pulse)).send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(series)).unwrap_or_else(|| panic!("no {series}"));
    line.trim().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_with_opentelemetry_is_watched() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let program = root().join("target/python/bin/python3");
    let outcome = Command::new(&program)
        .arg(root().join("tests/producers/opentelemetry_sdk.py"))
        .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", format!("{}/v1/metrics", suite.pulse))
        .env("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "gzip")
        .output()
        .await
        .expect("`scripts/need test` has made target/python");
    assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
    assert_eq!(String::from_utf8_lossy(&outcome.stderr), "", "it has nothing to complain about");
    let own = json!({"subject": "from-opentelemetry", "clarity": 0.8, "trust": 0.7, "signals": {"drift": 3.0}});
    assert_eq!(samples(&suite, "from-opentelemetry").await, [own]);
    assert_eq!(samples(&suite, "another-agent").await, [json!({"subject": "another-agent", "pain": 0.4})]);
    let evaluated = json!({"subject": "evaluated", "trust": 0.9, "signals": {"fluency": 4.0}});
    assert_eq!(samples(&suite, "evaluated").await, [evaluated]);
    assert_eq!(metric(&suite, "iskra_ingest_unmapped_readings_total").await, 2.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prometheus_writes_what_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(&folder.path().join("data"), &[]).await;
    let own = format!("127.0.0.1:{}", free_port().unwrap());
    let rules = json!({"groups": [{"name": "vitals", "interval": "1s", "rules": [
        {"record": "iskra_clarity", "expr": "vector(0.75)", "labels": {"subject": "from-prometheus"}},
        {"record": "iskra_pain", "expr": "vector(0.25)", "labels": {"subject": "from-prometheus"}},
        {"record": "something_else", "expr": "vector(1)"},
    ]}]});
    let configuration = json!({
        "rule_files": ["rules.yml"],
        "remote_write": [{"url": format!("{}/api/v1/write", suite.pulse), "queue_config": {"batch_send_deadline": "1s"}}],
    });
    // JSON is YAML, too.
    std::fs::write(folder.path().join("rules.yml"), rules.to_string()).unwrap();
    std::fs::write(folder.path().join("prometheus.yml"), configuration.to_string()).unwrap();
    let prometheus = Prometheus::start_at(&own, &folder.path().join("prometheus.yml")).await.unwrap();
    let expected = json!({"subject": "from-prometheus", "clarity": 0.75, "pain": 0.25});
    eventually("Prometheus has written two moments, each as one sample", async || {
        let samples = samples(&suite, "from-prometheus").await;
        assert!(samples.iter().all(|sample| *sample == expected), "{samples:?}");
        (samples.len() >= 2).then_some(())
    })
    .await;
    drop(prometheus);
    assert!(metric(&suite, "iskra_ingest_unmapped_readings_total").await >= 1.0, "nobody asked for something_else");
}

/// A point of an OTLP request in JSON.
fn point(subject: &str, value: f64) -> Value {
    let at = (domain::Timestamp::from(std::time::SystemTime::now()).as_micros() * 1_000).to_string();
    json!({"asDouble": value, "timeUnixNano": at, "attributes": [{"key": "iskra.subject", "value": {"stringValue": subject}}]})
}

async fn otlp(suite: &Suite, points: &[Value]) -> (u16, Value) {
    let metrics = json!([{"name": "iskra.pain", "gauge": {"dataPoints": points}}]);
    let body = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]});
    let answer = suite.client.post(format!("{}/v1/metrics", suite.pulse)).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_told_as_the_protocols_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    assert_eq!(otlp(&suite, &[point("good", 0.5)]).await, (200, json!({})));
    let mixed = otlp(&suite, &[point("fine", 0.5), point("bad", 1.5), point("no subject", 0.5)]).await;
    let told =
        json!({"partialSuccess": {"rejectedDataPoints": "2", "errorMessage": "pain: a vital lies within [0, 1]"}});
    assert_eq!(mixed, (200, told));
    assert_eq!(samples(&suite, "fine").await.len(), 1, "the good one is stored");

    let histogram = json!({"name": "gen_ai.evaluation.score", "histogram": {"dataPoints": [
        {"count": "1", "attributes": [{"key": "gen_ai.evaluation.name", "value": {"stringValue": "Groundedness"}}]}, {},
    ]}});
    let body = json!({"resourceMetrics": [{"scopeMetrics": [{"metrics": [histogram]}]}]});
    let answer = suite.client.post(format!("{}/v1/metrics", suite.pulse)).json(&body).send().await.unwrap();
    let told: Value = answer.json().await.unwrap();
    assert_eq!(told["partialSuccess"]["rejectedDataPoints"], "2", "{told}");

    let post = async |path: &str, content_type: &str, body: &'static [u8]| {
        let request =
            suite.client.post(format!("{}{path}", suite.pulse)).header("content-type", content_type).body(body);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap().to_owned())
    };
    let (protobuf, json) = ("application/x-protobuf", "application/json");
    assert_eq!(post("/v1/metrics", protobuf, b"\xff").await, (400, protobuf.to_owned()));
    assert_eq!(post("/v1/metrics", json, b"{").await.0, 400);
    assert_eq!(post("/v1/metrics", "text/plain", b"").await.0, 415);
    assert_eq!(post("/v1/metrics", protobuf, b"").await, (200, protobuf.to_owned()), "nothing is a request, too");
    let problem = "application/problem+json".to_owned();
    let second = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
    assert_eq!(post("/api/v1/write", second, b"").await, (415, problem.clone()));
    assert_eq!(post("/api/v1/write", protobuf, b"not snappy").await, (400, problem.clone()));
    // It claims to unpack to 4 GiB.
    assert_eq!(post("/api/v1/write", protobuf, b"\xff\xff\xff\xff\x0f").await, (413, problem));
}
