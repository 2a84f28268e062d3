//! SARIF 2.1.0: what code scanning reads.

use std::path::Path;

use artifacts::{Code, Finding, Severity};
use domain::Language;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

use super::input::Validated;

/// What stands in a path as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

pub(super) fn log(all: &[Validated], language: Language) -> Value {
    let rules =
        Code::ALL.map(|code| json!({ "id": code, "shortDescription": { "text": code.meaning().get(language) } }));
    let results: Vec<_> = all
        .iter()
        .filter_map(|one| Some((uri(&one.path), one.checked()?)))
        .flat_map(|(uri, checked)| checked.findings.iter().map(move |finding| result(&uri, finding, language)))
        .collect();
    let wrong = all.iter().filter_map(|one| Some((uri(&one.path), one.wrong()?.1)));
    let notifications: Vec<_> = wrong
        .map(|(uri, wrong)| {
            json!({
                "level": if wrong.is_fatal() { "error" } else { "warning" },
                "message": { "text": wrong.to_string() },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
            })
        })
        .collect();
    let is_complete = notifications.iter().all(|notification| notification["level"] != "error");
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "iskra", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": is_complete,
                "toolExecutionNotifications": notifications,
            }],
            "results": results,
        }],
    })
}

fn result(uri: &str, finding: &Finding, language: Language) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri } });
    if let Some(place) = finding.place {
        physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    }
    json!({
        "ruleId": finding.code,
        "level": match finding.severity {
            Severity::Warn => "warning",
            Severity::Block => "error",
        },
        "message": { "text": finding.message.get(language) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": finding.path }],
        }],
    })
}

/// A relative path stays relative: to wherever the command ran.
fn uri(path: &Path) -> String {
    let encoded = percent_encode(path.as_os_str().as_encoded_bytes(), ENCODED).to_string();
    match (path.as_os_str() == "-", path.is_absolute()) {
        (true, _) => "stdin".to_owned(),
        (false, true) => format!("file://{encoded}"),
        (false, false) => encoded,
    }
}
