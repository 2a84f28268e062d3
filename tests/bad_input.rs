//! Everything that a producer can do wrong: told clearly, and survived with little memory.

use std::time::SystemTime;

use domain::Timestamp;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::doors::{gzip, zstd};
use crate::suite::Suite;

/// Most that the process may grow by over all of it, at any moment. A few bodies of 8 MiB fit, a bomb of 1 GiB does not.
const GROWTH_KIB: u64 = 96 * 1024;

/// A body, the status it earns, and the code: of the first rejection, or of the problem where there is none.
type Case = (&'static str, Vec<u8>, u16, &'static str);

/// The most memory that the process ever held.
fn peak_kib(suite: &Suite) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", suite.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn json_bodies() -> Vec<Case> {
    let now = Timestamp::from(SystemTime::now()).as_micros();
    let hours = |count: i64| Timestamp::from_micros(now + count * 3_600_000_000);
    let sample = |rest: String| format!(r#"{{"subject":"agent-7",{rest}}}"#).into_bytes();
    let named = |subject: &str| json!({"subject": subject, "pain": 0.3}).to_string().into_bytes();
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let mut many = vec![r#"{"subject":"agent-7","pain":0.3}"#; 10_001].join(",").into_bytes();
    many.insert(0, b'[');
    many.push(b']');
    vec![
        ("NaN", sample(r#""pain":NaN"#.into()), 422, "not_json"),
        ("an infinity", sample(r#""pain":Infinity"#.into()), 422, "not_json"),
        ("a negative infinity", sample(r#""pain":-Infinity"#.into()), 422, "not_json"),
        ("a number too large for a double", sample(r#""pain":1e999"#.into()), 422, "out_of_range"),
        ("above one", sample(r#""pain":1.0000001"#.into()), 422, "out_of_range"),
        ("below zero", sample(r#""pain":-0.1"#.into()), 422, "out_of_range"),
        ("two hours ahead", sample(format!(r#""pain":0.3,"at":"{}""#, hours(2))), 422, "bad_time"),
        ("older than the retention", sample(format!(r#""pain":0.3,"at":"{}""#, hours(-24 * 366))), 422, "bad_time"),
        ("no time at all", sample(r#""pain":0.3,"at":"yesterday""#.into()), 422, "bad_time"),
        ("a name of 129 bytes", named(&"a".repeat(129)), 422, "bad_name"),
        ("a name with a control character", named("agent\u{7}"), 422, "bad_name"),
        ("an empty name", named(""), 422, "bad_name"),
        ("a text instead of a number", sample(r#""pain":"0.3""#.into()), 422, "wrong_type"),
        ("a number instead of a text", br#"{"subject":7,"pain":0.3}"#.to_vec(), 422, "wrong_type"),
        ("a text instead of a sample", br#""pain""#.to_vec(), 422, "wrong_type"),
        ("numbers instead of samples", b"[1,2]".to_vec(), 422, "wrong_type"),
        ("no subject", br#"{"pain":0.3}"#.to_vec(), 422, "missing_field"),
        ("no vital", sample(r#""signals":{}"#.into()), 422, "missing_field"),
        ("a misspelt vital", sample(r#""pian":0.3"#.into()), 422, "unknown_field"),
        ("a vital twice", sample(r#""pain":0.3,"pain":0.3"#.into()), 422, "repeated_field"),
        ("100,000 levels", nested(100_000).into_bytes(), 422, "too_large"),
        ("100,000 levels that never end", vec![b'['; 100_000], 400, "not_json"),
        (
            "3,000 levels in a signal",
            sample(format!(r#""pain":0.3,"signals":{{"x":{}}}"#, nested(3_000))),
            422,
            "wrong_type",
        ),
        ("half a sample", br#"{"subject":"agent-7","pa"#.to_vec(), 422, "not_json"),
        ("nothing", Vec::new(), 400, "empty"),
        ("white space", b" \n ".to_vec(), 400, "empty"),
        ("an empty array", b"[]".to_vec(), 400, "empty"),
        ("not UTF-8", b"{\"subject\":\"\xff\",\"pain\":0.3}".to_vec(), 400, "not_utf8"),
        ("9 MiB", vec![b' '; 9 << 20], 413, "too_large"),
        ("10,001 samples", many, 413, "too_many_samples"),
    ]
}

/// Small bodies that unpack to 1 GiB, and others that cannot be unpacked.
async fn packed_bodies() -> Vec<(&'static str, Case)> {
    let zeros = vec![0; 16 << 20];
    let bomb = gzip(&zeros).await.repeat(64);
    assert!(bomb.len() < 2 << 20, "{} bytes", bomb.len());
    let zstd_bomb = zstd(&zeros).await.repeat(64);
    let cut = gzip(br#"{"subject":"agent-7","pain":0.3}"#).await;
    vec![
        ("gzip", ("a gzip bomb", bomb, 413, "too_large")),
        ("zstd", ("a zstd bomb", zstd_bomb, 413, "too_large")),
        ("gzip", ("gzip that breaks off", cut[..cut.len() - 9].to_vec(), 400, "bad_body")),
        ("gzip", ("gzip with something behind it", [cut, b"rubbish".to_vec()].concat(), 400, "bad_body")),
        ("gzip", ("no gzip", b"{}".to_vec(), 400, "bad_body")),
        ("zstd", ("no zstd", b"{}".to_vec(), 400, "bad_body")),
        ("br", ("an unknown encoding", b"{}".to_vec(), 415, "unsupported_encoding")),
    ]
}

async fn check(suite: &Suite, (what, body, status, code): Case, headers: &[(reqwest::header::HeaderName, &str)]) {
    let mut request = suite.client.post(format!("{}/api/v1/samples", suite.pulse)).body(body);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let answer = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json", "{what}");
    assert_eq!(answer.status(), status, "{what}");
    let problem: Value = answer.json().await.unwrap();
    let told = problem["rejections"].get(0).unwrap_or(&problem);
    assert_eq!(told["code"], code, "{what}: {problem}");
    assert!(problem["detail"].as_str().unwrap().len() > 20, "{what}: {problem}");
    let good =
        suite.client.post(format!("{}/api/v1/samples", suite.pulse)).json(&json!({"subject": "agent-7", "pain": 0.3}));
    let answer = good.send().await.unwrap_or_else(|error| panic!("after {what}: {error:?}"));
    assert_eq!(answer.json::<Value>().await.unwrap()["accepted"], 1, "after {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_gets_its_own_error_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let suite = Suite::start(folder.path(), &[]).await;
    suite.push_pain("agent-7", 0.3).await;
    let before = peak_kib(&suite);
    for case in json_bodies() {
        check(&suite, case, &[]).await;
    }
    let deep = format!("{}\n", "[".repeat(100_000)).into_bytes();
    check(&suite, ("a deep line", deep, 422, "too_large"), &[(CONTENT_TYPE, "application/x-ndjson")]).await;
    for (encoding, case) in packed_bodies().await {
        check(&suite, case, &[(CONTENT_ENCODING, encoding)]).await;
    }
    let grown = peak_kib(&suite) - before;
    assert!(grown < GROWTH_KIB, "the process grew by {grown} KiB");
    let subjects = suite.get("/api/v1/subjects").await;
    assert_eq!(subjects["subjects"].as_array().unwrap().len(), 1, "{subjects}");
}
