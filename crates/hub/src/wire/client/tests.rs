use proptest::prelude::*;

use super::*;
use crate::Channel;

fn message(text: &str) -> String {
    ClientFrame::parse(text).unwrap_err().to_string()
}

fn interest(text: &str) -> Interest {
    match ClientFrame::parse(text) {
        Ok(ClientFrame::Subscribe { interest, .. }) => interest,
        other => panic!("expected a subscription, got {other:?}"),
    }
}

#[test]
fn a_subscription_without_channels_and_subjects_means_all() {
    assert_eq!(interest(r#"{"type":"subscribe"}"#), Interest::new(Channels::ALL, None));
}

#[test]
fn equal_subscriptions_are_equal_whatever_their_order() {
    let one = interest(r#"{"type":"subscribe","channels":["pain","levels"],"subjects":["b","a","b"]}"#);
    let other = interest(r#"{"subjects":["a","b"],"channels":["levels","pain","pain"],"type":"subscribe"}"#);
    assert_eq!(one, other);
    assert!(one.channels().has(Channel::Pain));
    assert!(!one.channels().has(Channel::Alerts));
}

#[test]
fn the_position_to_resume_from_is_passed_on_as_it_is() {
    let frame = ClientFrame::parse(r#"{"type":"subscribe","resume":"7:1.2"}"#).unwrap();
    assert!(matches!(frame, ClientFrame::Subscribe { resume: Some(resume), .. } if resume == "7:1.2"));
}

#[test]
fn the_other_frames_are_read() {
    assert!(matches!(ClientFrame::parse(r#"{"type":"unsubscribe"}"#), Ok(ClientFrame::Unsubscribe(None))));
    let frame = ClientFrame::parse(r#"{"type":"ping","timestamp":1767225600000}"#).unwrap();
    assert!(matches!(frame, ClientFrame::Ping(timestamp) if timestamp.to_string() == "1767225600000"));
    let frame = ClientFrame::parse(r#"{"type":"metrics","data":{"pain": 0.3}}"#).unwrap();
    assert!(matches!(frame, ClientFrame::Metrics(r#"{"pain": 0.3}"#)));
}

#[test]
fn what_is_wrong_is_said() {
    insta::assert_snapshot!(message(""), @r"bad_frame: a frame is a JSON object; known are subscribe, unsubscribe, ping, metrics");
    insta::assert_snapshot!(message("[]"), @r"bad_frame: a frame is a JSON object; known are subscribe, unsubscribe, ping, metrics");
    insta::assert_snapshot!(message("{"), @r"not_json: EOF while parsing an object at line 1 column 1");
    insta::assert_snapshot!(message("{}"), @r"bad_frame: missing field `type` at line 1 column 2");
    insta::assert_snapshot!(message(r#"{"type":"subscrbe"}"#), @r"unknown_type: unknown type `subscrbe`; known are subscribe, unsubscribe, ping, metrics");
    insta::assert_snapshot!(message(r#"{"type":"subscribe","chanels":[]}"#), @r"bad_frame: unknown field `chanels`, expected one of `type`, `channels`, `subjects`, `resume` at line 1 column 29");
    insta::assert_snapshot!(message(r#"{"type":"subscribe","channels":["pains"]}"#), @r"bad_frame: unknown variant `pains`, expected one of `clarity`, `chaos`, `trust`, `pain`, `signals`, `levels`, `alerts`, `voices`, `actions`, `symbols`, `tones`, `seams`, `budgets`, `experiments`, `artifacts` at line 1 column 39");
    insta::assert_snapshot!(message(r#"{"type":"subscribe","subjects":["a b"]}"#), @r"bad_frame: a subject holds letters, digits and . _ - : @ only, not ' ' at line 1 column 38");
    insta::assert_snapshot!(message(r#"{"type":"ping"}"#), @r"bad_frame: missing field `timestamp` at line 1 column 15");
    insta::assert_snapshot!(message(r#"{"type":"ping","type":"ping","timestamp":1}"#), @r"bad_frame: duplicate field `type` at line 1 column 21");
    insta::assert_snapshot!(message(r#"{"type":"metrics"}"#), @r"bad_frame: missing field `data` at line 1 column 18");
}

#[test]
fn a_subscription_names_a_bounded_number_of_subjects() {
    let subjects: Vec<String> = (0..257).map(|n| format!("s{n}")).collect();
    let text = serde_json::json!({"type": "subscribe", "subjects": subjects}).to_string();
    assert_eq!(ClientFrame::parse(&text).unwrap_err().code, "too_many_subjects");
}

proptest! {
    #[test]
    fn no_text_brings_it_down(text in ".{0,200}", kind in "subscribe|ping|metrics|x", rest in ".{0,60}") {
        drop(ClientFrame::parse(&text));
        drop(ClientFrame::parse(&format!(r#"{{"type":"{kind}",{rest}}}"#)));
    }
}
