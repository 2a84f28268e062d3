use std::time::Duration;

use super::{Draft, RejectionCode};
use crate::{Timestamp, Vital};

fn refused(json: &str) -> String {
    let rejection = Draft::parse(json, None).unwrap_err();
    format!("{} | {} | {} | {}", rejection.code.name(), rejection.field, rejection.value, rejection.reason)
}

fn check(json: &str, code: RejectionCode, field: &str) {
    let rejection = Draft::parse(json, None).unwrap_err();
    assert_eq!((rejection.code, rejection.field.as_str()), (code, field), "{json}: {rejection}");
}

#[test]
fn a_whole_sample_is_read() {
    let draft = Draft::parse(
        r#" {"subject":"agent-7","at":"2026-01-01T00:00:00.1234567Z","clarity":0.8,"pain":-0.0,"signals":{"drift":0.1,"ok":true}} "#,
        None,
    )
    .unwrap();
    assert_eq!(draft.subject.as_str(), "agent-7");
    assert_eq!(draft.at.unwrap().as_micros() % 1_000_000, 123_456);
    assert_eq!(draft.vitals.get(Vital::Clarity).unwrap().get(), 0.8);
    assert!(draft.vitals.get(Vital::Pain).unwrap().get().is_sign_positive());
    assert_eq!(draft.signals.len(), 2);
    let again =
        serde_json::to_string(&draft.check(Timestamp::from_micros(1_767_225_600_000_000), Duration::ZERO).unwrap());
    insta::assert_snapshot!(again.unwrap(), @r#"{"subject":"agent-7","at":"2026-01-01T00:00:00.123456Z","clarity":0.8,"pain":0.0,"signals":{"drift":0.1,"ok":true}}"#);
}

#[test]
fn each_kind_of_bad_input_gets_its_own_error() {
    use RejectionCode::{
        BadName, BadTime, MissingField, NotJson, OutOfRange, RepeatedField, TooLarge, UnknownField, WrongType,
    };
    check("", NotJson, "");
    check("{", NotJson, "");
    check("[1]", WrongType, "");
    check(r#"{"subject":"a","pain":NaN}"#, NotJson, "");
    check(r#"{"subject":"a","pain":0.1} x"#, NotJson, "");
    check(r#"{"subject":"a","pain":"0.1"}"#, WrongType, "pain");
    check(r#"{"subject":"a","pain":null}"#, WrongType, "pain");
    check(r#"{"subject":1,"pain":0.1}"#, WrongType, "subject");
    check(r#"{"subject":"a","pain":1.01}"#, OutOfRange, "pain");
    check(r#"{"subject":"a","pain":1e999}"#, OutOfRange, "pain");
    check(r#"{"subject":"a","pain":-0.01}"#, OutOfRange, "pain");
    check(r#"{"subject":"a","pian":0.1}"#, UnknownField, "pian");
    check(r#"{"subject":"a","pain":0.1,"pain":0.1}"#, RepeatedField, "pain");
    check(r#"{"subject":"a","subject":"b","pain":0.1}"#, RepeatedField, "subject");
    check(r#"{"pain":0.1}"#, MissingField, "subject");
    check(r#"{"subject":"a"}"#, MissingField, "");
    check(r#"{"subject":"a\u0007","pain":0.1}"#, BadName, "subject");
    check(r#"{"subject":"","pain":0.1}"#, BadName, "subject");
    check(r#"{"subject":"..","pain":0.1}"#, BadName, "subject");
    check(&format!(r#"{{"subject":"{}","pain":0.1}}"#, "x".repeat(129)), BadName, "subject");
    check(r#"{"subject":"a","pain":0.1,"at":"yesterday"}"#, BadTime, "at");
    check(r#"{"subject":"a","pain":0.1,"at":1767225600}"#, WrongType, "at");
    check(r#"{"subject":"a","pain":0.1,"signals":[]}"#, WrongType, "signals");
    check(r#"{"subject":"a","pain":0.1,"signals":{"Drift":1}}"#, BadName, "signals");
    check(r#"{"subject":"a","pain":0.1,"signals":{"clarity":1}}"#, BadName, "signals");
    check(r#"{"subject":"a","pain":0.1,"signals":{"x":"1"}}"#, WrongType, "signals.x");
    check(r#"{"subject":"a","pain":0.1,"signals":{"x":1,"x":2}}"#, RepeatedField, "signals.x");
    check(r#"{"subject":"a","pain":0.1,"signals":{"x":1e300}}"#, OutOfRange, "signals.x");
    let many: Vec<String> = (0..33).map(|i| format!("\"s{i}\":1")).collect();
    check(&format!(r#"{{"subject":"a","pain":0.1,"signals":{{{}}}}}"#, many.join(",")), TooLarge, "signals");
    check(&format!(r#"{{"subject":"a","pain":{}}}"#, "[".repeat(9_000)), TooLarge, "");
    check(&format!(r#"{{"subject":"a","pain":{}1{}}}"#, "[".repeat(3_000), "]".repeat(3_000)), WrongType, "pain");
}

#[test]
fn an_error_says_what_was_there_and_what_is_allowed() {
    insta::assert_snapshot!(refused(r#"{"subject":"a","pain":1.5}"#), @"out_of_range | pain | 1.5 | a vital lies within [0, 1]");
    insta::assert_snapshot!(refused(r#"{"subject":"a","pain":NaN}"#), @r#"not_json |  | {"subject":"a","pain":NaN} | expected value at line 1 column 23; JSON has no NaN or Infinity: leave the field out when nothing was measured"#);
}

#[test]
fn times_too_far_ahead_or_too_long_ago_are_refused() {
    let now: Timestamp = "2026-01-01T12:00:00Z".parse().unwrap();
    let day = Duration::from_secs(86_400);
    let at =
        |at: &str| Draft::parse(&format!(r#"{{"subject":"a","pain":0.1,"at":"{at}"}}"#), None).unwrap().check(now, day);
    assert!(at("2026-01-01T13:00:00Z").is_ok());
    assert_eq!(at("2026-01-01T13:00:00.000001Z").unwrap_err().code, RejectionCode::BadTime);
    assert!(at("2025-12-31T12:00:00Z").is_ok());
    assert_eq!(at("2025-12-31T11:59:59Z").unwrap_err().code, RejectionCode::BadTime);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _draft = Draft::parse(&text, None);
    }

    #[test]
    fn what_is_accepted_survives_a_round_trip(clarity in 0.0..=1.0f64, micros in 0i64..4_000_000_000_000_000) {
        let at = Timestamp::from_micros(micros);
        let json = format!(r#"{{"subject":"a:b@c","at":"{at}","clarity":{clarity}}}"#);
        let draft = Draft::parse(&json, None).unwrap();
        let sample = draft.clone().check(at, Duration::ZERO).unwrap();
        let again = Draft::parse(&serde_json::to_string(&sample).unwrap(), None).unwrap();
        proptest::prop_assert_eq!(again, draft);
    }
}
