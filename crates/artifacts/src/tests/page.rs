//! The page for people says what the check does.

use super::told;
use crate::record::RECORD;
use crate::rule::{Member, Rule};
use crate::{Code, check};

const PAGE: &str = include_str!("../../../../docs/artifacts.md");
const SCHEMA: &str = include_str!("../../../../docs/delta-omega-lambda.schema.json");

#[test]
fn the_example_is_ok() {
    let (_, rest) = PAGE.split_once("```json\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    assert_eq!(told(&check(example.as_bytes())), [""; 0]);
    assert!(example.contains("\"checksum\": \"sha256:"));
}

#[test]
fn every_known_field_is_named() {
    let mut names = Vec::new();
    collect(&RECORD, &mut names);
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        let is_on_page = [format!("`{name}`"), format!(".{name}`")].iter().any(|written| PAGE.contains(written));
        assert!(is_on_page, "{name} is not on the page");
        assert!(SCHEMA.contains(&format!("\"{name}\"")), "{name} is not in the schema");
    }
}

#[test]
fn every_code_is_named_with_its_meaning() {
    for code in Code::ALL {
        let row = format!("| `{code}` | {} |", code.meaning().en);
        assert!(PAGE.contains(&row), "no row {row}");
    }
}

fn collect(rule: &Rule, names: &mut Vec<&'static str>) {
    if let Rule::Object(members) | Rule::Together(members, _) | Rule::Each(_, members) = rule {
        for Member { name, rule, .. } in *members {
            names.push(name);
            collect(rule, names);
        }
    }
}

#[test]
fn codes_are_understood_with_either_letter() {
    for (text, code) in [
        ("\u{394}001", Some(Code::Delta)),
        ("\u{2206}001", Some(Code::Delta)),
        ("\u{2206}D\u{2126}\u{39b}004", Some(Code::Shape)),
        ("D001", Some(Code::Dimension)),
        ("D002", None),
        ("", None),
    ] {
        assert_eq!(text.parse().ok(), code, "{text}");
    }
    assert_eq!(serde_json::to_value(Code::Checksum).unwrap(), "\u{394}DΩΛ001");
    assert_eq!(serde_json::from_str::<Code>("\"∆DΩΛ002\"").unwrap(), Code::Timestamp);
}
