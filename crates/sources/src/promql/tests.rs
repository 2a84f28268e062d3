use domain::{SignalValue, Timestamp, Vital};
use serde_json::{Value, json};

use super::{AnswerError, Promql};
use crate::Sources;

const FILE: &str = "
host:
  pain:
    combine: max
    inputs:
      - { figure: cpu_pressure, points: [[0, 0.25], [1, 0.75]] }
promql:
  - name: shop
    url: https://prometheus.example.com/prefix/
    every: 15s
    subject: service
    queries:
      - { query: job:success:ratio_5m, vital: trust }
      - { query: job:errors:ratio_5m, vital: pain, points: [[0, 0.2], [0.1, 0.7]] }
      - { query: job:latency:p99_5m, signal: latency_seconds }
  - name: one
    url: http://127.0.0.1:9090
    every: 1s
    about: checkout
    queries:
      - { query: vector(0.5), vital: pain }
";

/// The most series of a test's answer.
const MOST: usize = 3;

fn sources() -> Vec<Promql> {
    Sources::parse("sources.yml", FILE).unwrap().promql
}

fn vector(series: &[(Value, &str)]) -> Value {
    let result = series.iter().map(|(labels, value)| json!({"metric": labels, "value": [1_700_000_000.0, value]}));
    json!({"status": "success", "data": {"resultType": "vector", "result": result.collect::<Vec<_>>()}})
}

fn service(name: &str) -> Value {
    json!({"__name__": "job:success:ratio_5m", "service": name})
}

/// What becomes of the answers to the queries of the first source, in their order.
fn gather(answers: &[Value]) -> Vec<String> {
    let source = &sources()[0];
    let mut polled = source.polled(Timestamp::from_millis(1_700_000_000_000));
    for (query, answer) in source.queries.iter().zip(answers) {
        polled.take(query, answer.to_string().as_bytes(), MOST).unwrap();
    }
    let shown = polled.finish().into_iter().map(|each| match each {
        Ok(draft) => {
            let vitals = draft.vitals.present().map(|(vital, score)| format!("{} {}", vital.name(), score.get()));
            let signals = draft.signals.iter().map(|(name, value)| match value {
                SignalValue::Number(number) => format!("{name} {number}"),
                SignalValue::Flag(flag) => format!("{name} {flag}"),
            });
            assert_eq!(draft.at, Some(Timestamp::from_millis(1_700_000_000_000)));
            format!("{}: {}", draft.subject, vitals.chain(signals).collect::<Vec<_>>().join(", "))
        }
        Err(rejection) => format!("{} refused: {rejection}", rejection.code.name()),
    });
    shown.collect()
}

fn refused(source: &Promql, body: &[u8]) -> AnswerError {
    source.polled(Timestamp::default()).take(&source.queries[0], body, MOST).unwrap_err()
}

#[test]
fn what_is_about_one_subject_is_one_sample() {
    let told = gather(&[
        vector(&[(service("checkout"), "0.9"), (service("basket"), "0.8")]),
        vector(&[(service("basket"), "0.2"), (service("checkout"), "+Inf")]),
        vector(&[(service("basket"), "1.5e-1")]),
    ]);
    assert_eq!(told, ["basket: trust 0.8, pain 0.7, latency_seconds 0.15", "checkout: trust 0.9, pain 0.7"]);
}

#[test]
fn what_was_not_measured_is_left_out() {
    let (nan, empty) = ([(service("checkout"), "NaN"), (service("basket"), "0.8")], vector(&[]));
    assert_eq!(gather(&[vector(&nan), empty.clone(), empty.clone()]), ["basket: trust 0.8"]);
    let only_a_signal = vector(&[(service("checkout"), "0.2")]);
    assert_eq!(gather(&[empty.clone(), vector(&nan[..1]), only_a_signal]), [""; 0], "no vital, no sample");
}

#[test]
fn what_cannot_be_taken_is_refused_and_keeps_no_other_back() {
    let histogram = json!({"metric": service("search"), "histogram": [1_700_000_000.0, {"count": "1"}]});
    let mut shares = vector(&[(service("checkout"), "1.2"), (json!({"job": "api"}), "0.5")]);
    shares["data"]["result"].as_array_mut().unwrap().push(histogram);
    let errors = vector(&[(service("checkout"), "0"), (service("twice"), "0"), (service("twice"), "0.1")]);
    let told = gather(&[shares, errors, vector(&[(service("checkout"), "+Inf"), (service("not a name"), "1")])]);
    assert_eq!(
        told,
        [
            "checkout: pain 0.2",
            "missing_field refused: trust: no label `service` says whom the series is about",
            "wrong_type refused: trust: a histogram has no one value: ask for a quantile or an average",
            "out_of_range refused: trust: a vital lies within [0, 1]; `checkout` has 1.2",
            "repeated_field refused: pain: 2 series of one query are about `twice`: aggregate them to one",
            "out_of_range refused: signals.latency_seconds: a signal is a number within ±2^53; `checkout` has inf",
            "bad_name refused: subject: a subject holds letters, digits and . _ - : @ only, not ' '",
        ]
    );
}

#[test]
fn a_source_about_one_subject_needs_no_labels() {
    let source = &sources()[1];
    let scalar = json!({"status": "success", "data": {"resultType": "scalar", "result": [1, "0.25"]}});
    for answer in [scalar, vector(&[(json!({}), "0.25")])] {
        let mut polled = source.polled(Timestamp::default());
        polled.take(&source.queries[0], answer.to_string().as_bytes(), MOST).unwrap();
        let samples = polled.finish();
        let draft = samples[0].as_ref().unwrap();
        assert_eq!((draft.subject.as_str(), draft.vitals.get(Vital::Pain).unwrap().get()), ("checkout", 0.25));
    }
}

#[test]
fn an_answer_that_cannot_be_used_says_why() {
    let source = &sources()[0];
    let refused = |answer: &Value| refused(source, answer.to_string().as_bytes()).to_string();
    let data = |kind: &str, result: Value| json!({"status": "success", "data": {"resultType": kind, "result": result}});
    let mut partial = vector(&[]);
    partial["isPartial"] = json!(true);
    let many: Vec<_> = (0..=MOST).map(|index| (service(&index.to_string()), "1")).collect();
    let told = [
        &json!({"status": "error", "errorType": "bad_data", "error": format!("bad\nquery {}", "x".repeat(300))}),
        &json!({"status": "success"}),
        &data("matrix", json!([])),
        &data("vector", json!([{"metric": {}, "value": [1, "much"]}])),
        &data("vector", json!([{"metric": {}}])),
        &data("vector", json!({})),
        &vector(&many),
        &partial,
        &json!("<html>"),
    ]
    .map(refused);
    insta::assert_snapshot!(told.join("\n").replace(&"x".repeat(190), "…x"), @r"
    the server refuses the query: bad query …x…
    this is no answer of the query API
    the query gives a matrix: it must give one number for each series now
    `much` is not a number
    this is no answer of the query API
    this is no answer of the query API
    the query gives 4 series, and at most 3 are taken: aggregate them
    the server answers from a part of its data only
    this is no answer of the query API
    ");
}

#[test]
fn what_the_server_adds_is_kept() {
    let source = &sources()[0];
    let mut answer = vector(&[(service("checkout"), "0.9")]);
    answer["warnings"] = json!(["one store\nwas slow"]);
    answer["infos"] = json!(["metric might not be a counter"]);
    let mut polled = source.polled(Timestamp::default());
    polled.take(&source.queries[0], answer.to_string().as_bytes(), MOST).unwrap();
    assert_eq!(polled.warnings, ["one store was slow"]);
    assert_eq!(polled.finish().len(), 1);
}

#[test]
fn all_replicas_ask_for_the_same_moments() {
    let [first, second] = &sources()[..] else { panic!("two sources") };
    let latest = |source: &Promql, millis| source.latest(Timestamp::from_millis(millis)).as_micros() / 1_000;
    assert_eq!([0, 14_999, 15_000, 29_999].map(|now| latest(first, now)), [0, 0, 15_000, 15_000]);
    assert_eq!([-1, -15_001].map(|now| latest(first, now)), [-15_000, -30_000], "before 1970, where clocks may stand");
    // So that it may tell of the same subject: these are other samples.
    assert_eq!([0, 1, 1_000, 1_001].map(|now| latest(second, now)), [-999, 1, 1, 1_001]);
}

proptest::proptest! {
    #[test]
    fn whatever_comes_is_answered(bytes: Vec<u8>) {
        let source = &sources()[0];
        drop(source.polled(Timestamp::default()).take(&source.queries[0], &bytes, MOST));
    }
}
