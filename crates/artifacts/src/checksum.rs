//! The checksum of a record, over bytes that anyone can make: see `docs/artifacts.md` for the line of Python.

use domain::Text;
use serde_json::{Number, Value};
use sha2::{Digest as _, Sha256};

use crate::code::Code;
use crate::field::Field;
use crate::finding::{Finding, Findings};

const MEMBER: &str = "checksum";
const PREFIX: &str = "sha256:";

/// `sha256:` and the digest of the record without its member `checksum`.
pub fn checksum(record: &Value) -> String {
    let mut text = String::new();
    match record {
        Value::Object(members) => write_object(members.iter().filter(|(name, _)| *name != MEMBER), &mut text),
        other => write(other, &mut text),
    }
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(PREFIX.to_owned(), |sum, byte| format!("{sum}{byte:02x}"))
}

pub(crate) fn check(root: &Field<'_>, findings: &mut Findings) {
    let Some(given) = root.get(MEMBER) else { return };
    match given.value.as_str() {
        None => findings.add(Finding::not_allowed(&given, Code::Shape, Text::new("a text", "текст"))),
        Some(text) if text.starts_with(PREFIX) => {
            let sum = checksum(root.value);
            if !text.eq_ignore_ascii_case(&sum) {
                findings.add(Finding::not_allowed(&given, Code::Checksum, Text::new(sum.clone(), sum)));
            }
        }
        // Of another kind: nothing that could be verified here.
        Some(_) => {}
    }
}

/// JSON without spaces, the members of objects in the order of their names.
fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => write_object(members.iter(), text),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Number(number) => text.push_str(&written(number)),
        Value::Null | Value::Bool(_) | Value::String(_) => text.push_str(&value.to_string()),
    }
}

fn write_object<'a>(members: impl Iterator<Item = (&'a String, &'a Value)>, text: &mut String) {
    let mut members: Vec<_> = members.collect();
    // Whatever order the map keeps: by code points, which is the order of their bytes.
    members.sort_unstable_by_key(|(name, _)| *name);
    text.push('{');
    for (index, (name, value)) in members.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write(value, text);
    }
    text.push('}');
}

/// As Python writes it: the fewest digits that read back as the same number, and from 1e16 or below 1e-4 with an exponent.
fn written(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    let scientific = format!("{float:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    match exponent {
        -4..16 => format!("{float:?}"),
        _ => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}
