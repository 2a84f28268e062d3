//! The check as its callers see it.

mod anything;
mod cases;
mod page;
mod reading;
mod schema;
mod sums;

use domain::ArtifactStatus;
use serde_json::{Value, json};

use self::cases::Case;
use super::*;

/// A record with nothing to say against it.
fn good() -> Value {
    json!({
        "delta": {
            "additions": { "count": 12, "lines": 340, "entropy": 0.42 },
            "deletions": { "count": 3, "lines": 18, "entropy": 0.1 },
            "modifications": { "count": 7, "entropy": 0.3, "complexity_change": "+4" },
            "clarity": { "from": 0.88, "to": 0.76, "change": -0.12 },
            "chaos": { "from": 0.15, "to": 0.42, "change": 0.27 },
        },
        "dimension": {
            "fractal_dimension": 1.3, "complexity": 2, "self_similarity": 0.5, "scaling_factor": 1.0,
            "complexity_measure": "moderate",
            "box_counting": { "epsilon_values": [1, 2, 4], "box_counts": [40, 16, 7] },
        },
        "omega": {
            "completeness": 0.9, "completeness_ratio": 0.9, "coverage_density": 0.8, "coherence_level": 0.85,
            "optimization_potential": 0.2, "structural_integrity": "stable", "manual_review_required": false,
        },
        "lambda": {
            "status": "OK",
            "quantum_state": { "superposition": 0.5, "state_vector": [1, 0, 0, 0] },
            "logic_coherence": { "consistency": 0.95 },
            "timestamp": "2026-01-01T00:00:00Z",
        },
        "sift": { "source": "the log", "inference": ["it holds"], "fact": "measured", "trace": { "run": "7" } },
        "whatever": { "else": [null, true] },
    })
}

/// The good record as the case changes it.
fn changed(case: &Case) -> Value {
    let mut record = good();
    let (parent, name) = case.pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match &case.value {
        Some(value) => drop(parent.insert(name.to_owned(), value.clone())),
        None => assert!(parent.remove(name).is_some(), "{} is not there", case.pointer),
    }
    record
}

/// The pointers to everything in a record that is not within a list.
fn pointers(record: &Value) -> Vec<String> {
    let members = record.as_object().into_iter().flatten();
    let below = members.flat_map(|(name, value)| {
        pointers(value).into_iter().map(move |pointer| format!("/{name}{pointer}")).collect::<Vec<_>>()
    });
    [String::new()].into_iter().chain(below).collect()
}

/// Code, severity and path of everything that was found.
fn told(checked: &Checked) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {} {}", finding.severity.status().name(), finding.code, finding.path);
    checked.findings.iter().map(line).collect()
}

#[test]
fn a_good_record_is_ok() {
    let checked = check(good().to_string().as_bytes());
    assert_eq!(told(&checked), Vec::<String>::new());
    assert_eq!(checked.status, ArtifactStatus::Ok);
    assert_eq!(checked.declared, Some(ArtifactStatus::Ok));
}

#[test]
fn each_rule_tells_what_it_should() {
    for case in cases::all() {
        let record = changed(&case);
        let checked = check(record.to_string().as_bytes());
        assert_eq!(told(&checked), case.told, "{} = {:?}", case.pointer, case.value);
        assert_eq!(told(&check_value(&record)), case.told, "read or made, it is the same record");
        let worst = checked.findings.iter().map(|finding| finding.severity).max();
        assert_eq!(checked.status, worst.map_or(ArtifactStatus::Ok, Severity::status));
    }
}
