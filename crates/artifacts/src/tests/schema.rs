//! The published schema says the same as the check, wherever a schema can.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{cases, changed, good, pointers};
use crate::{Severity, check_value};

fn published() -> Validator {
    let text = include_str!("../../../../docs/delta-omega-lambda.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

fn is_blocked(record: &Value) -> bool {
    check_value(record).findings.iter().any(|finding| finding.severity == Severity::Block)
}

#[test]
fn schema_and_check_agree() {
    let schema = published();
    assert!(schema.is_valid(&good()));
    for case in cases::all() {
        let record = changed(&case);
        let expected = !is_blocked(&record) || !case.is_for_schemas;
        assert_eq!(schema.is_valid(&record), expected, "{} = {:?}", case.pointer, case.value);
    }
    for no_record in [json!([]), json!(null), json!("delta"), json!({})] {
        assert!(!schema.is_valid(&no_record) && is_blocked(&no_record), "{no_record}");
    }
}

/// A value of any kind at any place where a known one stands.
#[test]
fn schema_and_check_agree_on_any_value_anywhere() {
    let schema = published();
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(0.5),
        json!(1.5),
        json!(11),
        json!(""),
        json!("OK"),
        json!("2026-01-01"),
        json!([]),
        json!([1, 2, 3]),
        json!({}),
        json!({"count": 1, "lines": 1, "entropy": 0.1}),
    ];
    let places = pointers(&good());
    for pointer in &places {
        for value in &values {
            let mut record = good();
            *record.pointer_mut(pointer).unwrap() = value.clone();
            // Arithmetic, and lengths of two lists: beyond any schema.
            let is_beyond = ["/from", "/to", "/change", "/box_counts", "/epsilon_values"];
            if !is_beyond.iter().any(|end| pointer.ends_with(end)) {
                assert_eq!(schema.is_valid(&record), !is_blocked(&record), "{pointer} = {value}");
            }
        }
    }
    assert!(places.len() > 50, "{places:?}");
}
