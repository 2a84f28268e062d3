//! Metrics of others: the SDK of OpenTelemetry for Python and Prometheus, as they are.

use serde_json::{Value, json};
use test_support::{Prometheus, free_port};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::timeout;

use super::root;
use crate::doors::gzip;
use crate::suite::{PATIENCE, Suite, eventually};

/// Most that the process may grow by over requests that would become many times as large: a few bodies of 8 MiB, and
/// what is decoded of one of them.
const GROWTH_KIB: u64 = 192 * 1024;

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
    // As docs/metrics.md has it: by several shards, the two would come in two requests.
    let queue = json!({"max_shards": 1, "batch_send_deadline": "1s"});
    let configuration = json!({
        "rule_files": ["rules.yml"],
        "remote_write": [{"url": format!("{}/api/v1/write", suite.pulse), "queue_config": queue}],
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

    let mut slip = point("slip", 0.5);
    slip["asDouble"] = json!("0.5");
    let (status, told) = otlp(&suite, &[slip]).await;
    assert_eq!((status, &told["partialSuccess"]["rejectedDataPoints"]), (200, &json!("1")), "{told}");

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

/// What is answered to a request whose body never comes.
async fn wait_in_vain(suite: &Suite, path: &str) -> String {
    let address = suite.pulse.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("answered in time");
    // What was sent and not read may reset the connection after the answer.
    assert!(read.is_ok() || !answer.is_empty(), "{read:?}");
    String::from_utf8_lossy(&answer).to_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_metrics_too_slowly_may_send_them_again() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let (otlp, write) = tokio::join!(wait_in_vain(&suite, "/v1/metrics"), wait_in_vain(&suite, "/api/v1/write"));
    for answer in [otlp, write] {
        assert!(answer.starts_with("http/1.1 503") && answer.contains("retry-after: 1\r\n"), "{answer}");
        assert!(answer.contains("was not here within 10 s"), "{answer}");
    }
}

/// A number as Protobuf and Snappy write it.
fn varint(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// One field of a message that has a length.
fn part(field: u8, inside: &[u8]) -> Vec<u8> {
    [&[(field << 3) | 2][..], &varint(inside.len()), inside].concat()
}

/// A request of OTLP with so many points of a gauge, a value and a time each, that are about nobody.
fn about_nobody(gauge: &str, count: usize) -> Vec<u8> {
    let at = domain::Timestamp::from(std::time::SystemTime::now()).as_micros() * 1_000;
    let point = part(1, &[&[0x19_u8][..], &at.to_le_bytes(), &[0x21], &0.5_f64.to_le_bytes()].concat());
    let metric = [part(1, gauge.as_bytes()), part(5, &point.repeat(count))].concat();
    part(1, &part(2, &part(2, &metric)))
}

/// Some bytes, and two more again and again, 64 bytes of them so many times: packed with Snappy.
fn packed(head: &[u8], pair: [u8; 2], times: usize) -> Vec<u8> {
    let literal = [head, &pair].concat();
    // A literal, and what stands two bytes before, 64 bytes of it.
    let tag = u8::try_from((literal.len() - 1) << 2).expect("it is short");
    [&varint(literal.len() + 64 * times)[..], &[tag], &literal, &[0xfe_u8, 2, 0].repeat(times)].concat()
}

/// The most memory that the process ever held.
fn peak_kib(suite: &Suite) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", suite.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_would_become_many_times_as_large_take_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.3).await;
    let before = peak_kib(&suite);
    let otlp = async |content_type: &str, body: &[u8]| {
        let request = suite.client.post(format!("{}/v1/metrics", suite.pulse)).header("content-type", content_type);
        let request = request.header("content-encoding", "gzip").body(gzip(body).await);
        request.send().await.unwrap().status().as_u16()
    };
    let (protobuf, json) = ("application/x-protobuf", "application/json");
    assert_eq!(otlp(protobuf, &[0x0a, 0].repeat(4_000_000)).await, 400, "empty resources");
    let resources = format!("{{\"resourceMetrics\":[{}{{}}]}}", "{},".repeat(2_500_000));
    assert_eq!(otlp(json, resources.as_bytes()).await, 400, "empty resources in JSON");
    let long = format!("iskra.signal.{}", "a".repeat(64 * 1024));
    assert_eq!(otlp(protobuf, &about_nobody(&long, 400_000)).await, 200, "nobody asked for such a name");
    assert_eq!(otlp(protobuf, &about_nobody("iskra.pain", 400_000)).await, 413, "too many for one request");

    let write = async |body: Vec<u8>| {
        let request = suite.client.post(format!("{}/api/v1/write", suite.pulse)).header("content-encoding", "snappy");
        let request = request.header("content-type", protobuf).body(body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(write(packed(&[], [0x0a, 0], 50_000)).await, 204, "empty series, which nobody asked for");
    let label = part(1, &[part(1, b"__name__"), part(2, b"iskra_pain")].concat());
    let series = [&[0x0a_u8][..], &varint(label.len() + 2 + 64 * 60_000), &label].concat();
    assert_eq!(write(packed(&series, [0x12, 0], 60_000)).await, 413, "too many empty samples for one request");
    let grown = peak_kib(&suite) - before;
    assert!(grown < GROWTH_KIB, "the process grew by {grown} KiB");
}
