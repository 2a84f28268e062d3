//! The doors for samples: what is taken, and in which shapes.

use std::time::SystemTime;

use async_compression::tokio::write::{GzipEncoder, ZstdEncoder};
use domain::Timestamp;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::suite::Suite;
use crate::viewer::Viewer;

fn now() -> i64 {
    Timestamp::from(SystemTime::now()).as_micros()
}

/// A moment that has passed, another one for each `index`.
fn at(index: i64) -> String {
    Timestamp::from_micros(now() - 1_000 * index).to_string()
}

fn counts(report: &Value) -> [u64; 4] {
    ["accepted", "duplicate", "rejected", "untimed"].map(|name| report[name].as_u64().expect("a count"))
}

async fn post(suite: &Suite, headers: &[(reqwest::header::HeaderName, &str)], body: Vec<u8>) -> Value {
    let mut request = suite.client.post(format!("{}/api/v1/samples", suite.pulse)).body(body);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

pub(crate) async fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(body).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

pub(crate) async fn zstd(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZstdEncoder::new(Vec::new());
    encoder.write_all(body).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_many_lines_and_packed_bodies_all_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let start = now();
    let at = |index: i64| Timestamp::from_micros(start + index).to_string();
    let sample = |index: i64| json!({"subject": "agent-7", "at": at(index), "pain": index as f64 / 20_000.0});
    let line = |index: i64| format!("{}\n", sample(index)).into_bytes();
    let ndjson = (CONTENT_TYPE, "application/x-ndjson");
    let (gzipped, zstandard) = ((CONTENT_ENCODING, "gzip"), (CONTENT_ENCODING, "zstd"));

    assert_eq!(counts(&suite.push(&sample(1)).await), [1, 0, 0, 0]);
    assert_eq!(counts(&suite.push(&json!([sample(2), sample(3)])).await), [2, 0, 0, 0]);
    let lines = [line(4), b"\r\n".to_vec(), line(5)].concat();
    assert_eq!(counts(&post(&suite, std::slice::from_ref(&ndjson), lines).await), [2, 0, 0, 0]);
    let packed = gzip(&[line(6), line(7)].concat()).await;
    assert_eq!(counts(&post(&suite, &[ndjson.clone(), gzipped.clone()], packed).await), [2, 0, 0, 0]);
    let packed = zstd(&line(8)).await;
    assert_eq!(counts(&post(&suite, &[ndjson.clone(), zstandard.clone()], packed).await), [1, 0, 0, 0]);
    // Files that were packed one by one and joined.
    let joined = [gzip(&line(9)).await, gzip(&line(10)).await].concat();
    assert_eq!(counts(&post(&suite, &[ndjson.clone(), gzipped], joined).await), [2, 0, 0, 0]);
    let joined = [zstd(&line(11)).await, zstd(&line(12)).await].concat();
    assert_eq!(counts(&post(&suite, &[ndjson, zstandard], joined).await), [2, 0, 0, 0]);
    let many: Vec<Value> = (13..=10_012).map(sample).collect();
    assert_eq!(counts(&suite.push(&json!(many)).await), [10_000, 0, 0, 0]);

    let history = suite.get("/api/v1/subjects/agent-7/history?limit=20000").await["history"].clone();
    let stored = history["samples"].as_array().unwrap().iter();
    let stored: Vec<_> =
        stored.map(|sample| (sample["at"].as_str().unwrap(), sample["pain"].as_f64().unwrap())).collect();
    let sent: Vec<_> = (1..=10_012).map(|index| (at(index), index as f64 / 20_000.0)).collect();
    assert!(stored == sent.iter().map(|(at, pain)| (&**at, *pain)).collect::<Vec<_>>(), "{} stored", stored.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_good_ones_of_a_mixed_batch_are_kept_and_each_bad_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    let first = json!({"subject": "agent-7", "at": at(1), "pain": 0.3});
    let batch = json!([
        first,
        {"subject": "agent-7", "at": at(2), "pain": 1.5},
        {"subject": "agent-7", "at": at(3), "pian": 0.3},
        {"subject": "agent-7", "pain": 0.4},
        first,
        {"subject": "agent-7", "at": first["at"], "pain": 0.9},
    ]);
    let report = suite.push(&batch).await;
    assert_eq!(counts(&report), [2, 1, 3, 1]);
    let told = report["rejections"].as_array().unwrap().iter().map(|rejection| {
        let text = |name: &str| rejection[name].as_str().unwrap();
        assert!(!text("reason").is_empty());
        (rejection["index"].as_u64().unwrap(), text("code"), text("field"), text("value"))
    });
    let conflicting = first["at"].as_str().unwrap();
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(1, "out_of_range", "pain", "1.5"), (2, "unknown_field", "pian", "0.3"), (5, "conflict", "at", conflicting)]
    );
    assert_eq!(counts(&suite.push(&first).await), [0, 1, 0, 0], "the same again is harmless");
    let history = suite.get("/api/v1/subjects/agent-7/history").await["history"].clone();
    assert_eq!(history["samples"].as_array().unwrap().len(), 2);
    assert_eq!(history["samples"][0]["pain"], 0.3, "the first one under a time stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_takes_samples_and_says_what_is_wrong_with_bad_ones() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &["--set", "ingest.default_subject=agent-0"]).await;
    let mut viewer = Viewer::connect(&suite.pulse).await;
    let sample = json!({"type": "metrics", "data": {"subject": "agent-7", "at": at(1), "clarity": 0.8}});
    for outcome in ["accepted", "duplicate"] {
        viewer.send(&sample).await;
        let answer = viewer.next_of("metrics_received").await;
        assert_eq!(answer["status"], "ok");
        assert_eq!(answer["outcome"], outcome);
        assert_eq!(answer["at"], sample["data"]["at"]);
    }
    viewer.send(&json!({"type": "metrics", "data": {"clarity": 0.8}})).await;
    assert_eq!(viewer.next_of("metrics_received").await["subject"], "agent-0");

    let deep = format!(r#"{{"type":"metrics","data":{}{}}}"#, "[".repeat(8_000), "]".repeat(8_000));
    for (bad, code, field) in [
        (r#"{"type":"metrics","data":{"subject":"agent-7","clarity":1.5}}"#, "out_of_range", "clarity"),
        (r#"{"type":"metrics","data":{"subject":"agent-7"}}"#, "missing_field", ""),
        (r#"{"type":"metrics","data":7}"#, "wrong_type", ""),
        (&*deep, "too_large", ""),
    ] {
        viewer.send_text(bad).await;
        let error = viewer.next_of("error").await;
        let rejection = &error["rejection"];
        assert_eq!((&rejection["code"], &rejection["field"]), (&json!(code), &json!(field)), "{error}");
        assert!(!error["message"].as_str().unwrap().is_empty());
    }
    viewer.send_text(r#"{"type":"metrics","data":{"clarity":NaN}}"#).await;
    assert_eq!(viewer.next_of("error").await["code"], "not_json");
    viewer.send(&sample).await;
    assert_eq!(viewer.next_of("metrics_received").await["outcome"], "duplicate", "the connection stays");
}
