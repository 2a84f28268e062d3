//! Whatever is thrown at the check.

use domain::ArtifactStatus;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{good, pointers};
use crate::{Checked, Code, MAX_BYTES, Severity, check, check_value, read};

/// What holds of every answer.
fn is_sound(checked: &Checked) {
    let worst = checked.findings.iter().map(|finding| finding.severity).max();
    assert_eq!(checked.status, worst.map_or(ArtifactStatus::Ok, Severity::status), "{checked:?}");
    for finding in &checked.findings {
        let texts = [&finding.message.en, &finding.message.ru, &finding.allowed.en, &finding.allowed.ru];
        assert!(texts.iter().all(|text| !text.is_empty()), "{finding:?}");
        assert!(texts.iter().all(|text| !text.chars().any(char::is_control)), "{finding:?}");
        assert!(finding.message.en.len() < 8_000, "{finding:?}");
        assert!(finding.place.is_none_or(|place| place.line > 0 && place.column > 0));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        prop::sample::select(vec![
            "delta",
            "dimension",
            "omega",
            "lambda",
            "sift",
            "additions",
            "entropy",
            "timestamp",
            "checksum",
            "pain",
            "from",
            "to",
            "change",
            "status",
            "quantum_state",
            "state_vector",
            "box_counting",
            "box_counts",
            "auto_generated",
            "source",
            "completeness",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1.0..2.0_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("sha256:")),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..8)
                .prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        is_sound(&check(&bytes));
    }

    #[test]
    fn any_json_is_answered_alike_read_or_made(value in any_json()) {
        let made = check_value(&value);
        is_sound(&made);
        let mut read = check(value.to_string().as_bytes());
        is_sound(&read);
        // Numbers beyond 64 bits are refused where they are read.
        if !read.findings.iter().any(|finding| finding.message.en.contains("64 bits")) {
            read.findings.iter_mut().for_each(|finding| finding.place = None);
            prop_assert_eq!(read, made);
        }
    }

    #[test]
    fn a_good_record_with_anything_put_in_is_answered(value in any_json(), at in any::<prop::sample::Index>()) {
        let mut record = good();
        let places = pointers(&record);
        *record.pointer_mut(&places[at.index(places.len())]).unwrap() = value;
        is_sound(&check_value(&record));
    }

    #[test]
    fn a_good_record_with_slips_is_answered(
        slips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = good().to_string().into_bytes();
        for (at, byte) in slips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let checked = check(&bytes);
        is_sound(&checked);
        prop_assert_eq!(read(&bytes).is_err(), checked.findings.first().is_some_and(|first| {
            first.code == Code::Shape && first.value.is_none()
        }));
    }
}

#[test]
fn a_record_as_large_as_may_be_is_answered() {
    let filler = "x".repeat(MAX_BYTES - good().to_string().len() - 20);
    let mut record = good();
    record["filler"] = json!(filler);
    let checked = check(record.to_string().as_bytes());
    is_sound(&checked);
    assert_eq!(checked.status, ArtifactStatus::Ok);
}
