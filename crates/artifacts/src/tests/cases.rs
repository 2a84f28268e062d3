//! One record each: the good one with one thing changed, and what must be told of it.

use serde_json::{Value, json};

/// A pointer and what to put there (nothing: take away what is there); what is told; whether a JSON Schema can know it.
pub(crate) struct Case {
    pub(crate) pointer: &'static str,
    pub(crate) value: Option<Value>,
    pub(crate) told: &'static [&'static str],
    pub(crate) is_for_schemas: bool,
}

fn case(pointer: &'static str, value: Value, told: &'static [&'static str]) -> Case {
    Case { pointer, value: Some(value), told, is_for_schemas: true }
}

fn without(pointer: &'static str, told: &'static [&'static str]) -> Case {
    Case { pointer, value: None, told, is_for_schemas: true }
}

/// What only the check can tell: arithmetic, lengths of two lists, the calendar.
fn beyond_schemas(pointer: &'static str, value: Value, told: &'static [&'static str]) -> Case {
    Case { is_for_schemas: false, ..case(pointer, value, told) }
}

pub(crate) fn all() -> Vec<Case> {
    [required(), delta(), dimension(), omega(), lambda(), timestamps(), checksums()].into_iter().flatten().collect()
}

fn required() -> Vec<Case> {
    vec![
        without("/delta", &["BLOCK ΔDΩΛ003 $.delta"]),
        without("/dimension", &["BLOCK ΔDΩΛ003 $.dimension"]),
        without("/omega", &["BLOCK ΔDΩΛ003 $.omega"]),
        without("/lambda", &["BLOCK ΔDΩΛ003 $.lambda"]),
        without("/sift", &["BLOCK ΔDΩΛ003 $.sift"]),
        case("/delta", json!([]), &["BLOCK ΔDΩΛ004 $.delta"]),
        case("/dimension", json!(null), &["BLOCK ΔDΩΛ004 $.dimension"]),
        case("/omega", json!("high"), &["BLOCK ΔDΩΛ004 $.omega"]),
        case("/lambda", json!(1), &["BLOCK ΔDΩΛ004 $.lambda"]),
        case("/sift", json!("all"), &["BLOCK ΔDΩΛ004 $.sift"]),
        case("/delta", json!({}), &[]),
        without("/sift/source", &["BLOCK ΔDΩΛ003 $.sift.source"]),
        without("/sift/inference", &["BLOCK ΔDΩΛ003 $.sift.inference"]),
        without("/sift/fact", &["BLOCK ΔDΩΛ003 $.sift.fact"]),
        without("/sift/trace", &["BLOCK ΔDΩΛ003 $.sift.trace"]),
        case("/sift/source", json!(""), &["BLOCK ΔDΩΛ003 $.sift.source"]),
        case("/sift/source", json!(" \n"), &["BLOCK ΔDΩΛ003 $.sift.source"]),
        case("/sift/fact", json!([]), &["BLOCK ΔDΩΛ003 $.sift.fact"]),
        case("/sift/fact", json!({}), &["BLOCK ΔDΩΛ003 $.sift.fact"]),
        case("/sift/trace", json!(null), &["BLOCK ΔDΩΛ003 $.sift.trace"]),
        case("/sift/trace", json!(7), &["BLOCK ΔDΩΛ004 $.sift.trace"]),
        case("/sift/trace", json!(true), &["BLOCK ΔDΩΛ004 $.sift.trace"]),
        case(
            "/sift",
            json!({"source": "", "fact": 1}),
            &[
                "BLOCK ΔDΩΛ003 $.sift.source",
                "BLOCK ΔDΩΛ003 $.sift.inference",
                "BLOCK ΔDΩΛ004 $.sift.fact",
                "BLOCK ΔDΩΛ003 $.sift.trace",
            ],
        ),
        case("/whatever", json!(null), &[]),
    ]
}

fn delta() -> Vec<Case> {
    vec![
        without("/delta/additions", &[]),
        without("/delta/additions/count", &["BLOCK ΔDΩΛ003 $.delta.additions.count"]),
        without("/delta/additions/lines", &["BLOCK ΔDΩΛ003 $.delta.additions.lines"]),
        without("/delta/additions/entropy", &["BLOCK ΔDΩΛ003 $.delta.additions.entropy"]),
        without("/delta/deletions/count", &["BLOCK ΔDΩΛ003 $.delta.deletions.count"]),
        without("/delta/deletions/lines", &["BLOCK ΔDΩΛ003 $.delta.deletions.lines"]),
        without("/delta/deletions/entropy", &["BLOCK ΔDΩΛ003 $.delta.deletions.entropy"]),
        without("/delta/modifications/count", &["BLOCK ΔDΩΛ003 $.delta.modifications.count"]),
        without("/delta/modifications/entropy", &["BLOCK ΔDΩΛ003 $.delta.modifications.entropy"]),
        without("/delta/modifications/complexity_change", &["BLOCK ΔDΩΛ003 $.delta.modifications.complexity_change"]),
        case("/delta/additions", json!(3), &["BLOCK ΔDΩΛ004 $.delta.additions"]),
        case("/delta/additions/count", json!(0), &[]),
        case("/delta/additions/count", json!(3.0), &[]),
        case("/delta/additions/count", json!(-1), &["BLOCK Δ001 $.delta.additions.count"]),
        case("/delta/additions/count", json!(1.5), &["BLOCK Δ001 $.delta.additions.count"]),
        case("/delta/additions/count", json!("12"), &["BLOCK ΔDΩΛ004 $.delta.additions.count"]),
        case("/delta/deletions/lines", json!(-1), &["BLOCK Δ001 $.delta.deletions.lines"]),
        case("/delta/deletions/count", json!(null), &["BLOCK ΔDΩΛ004 $.delta.deletions.count"]),
        case("/delta/additions/entropy", json!(0), &[]),
        case("/delta/additions/entropy", json!(0.8), &[]),
        case("/delta/additions/entropy", json!(0.81), &["WARN Δ001 $.delta.additions.entropy"]),
        case("/delta/additions/entropy", json!(1), &["WARN Δ001 $.delta.additions.entropy"]),
        case("/delta/additions/entropy", json!(1.4), &["BLOCK Δ001 $.delta.additions.entropy"]),
        case("/delta/deletions/entropy", json!(-0.1), &["BLOCK Δ001 $.delta.deletions.entropy"]),
        case("/delta/modifications/entropy", json!("low"), &["BLOCK ΔDΩΛ004 $.delta.modifications.entropy"]),
        case("/delta/modifications/count", json!(-7), &["BLOCK Δ001 $.delta.modifications.count"]),
        case("/delta/modifications/complexity_change", json!(null), &[]),
        case("/delta/modifications/complexity_change", json!([1, {}]), &[]),
        case("/delta/files", json!({"entropy": 0.9}), &["WARN Δ001 $.delta.files.entropy"]),
        case("/delta/clarity", json!(-0.12), &["BLOCK ΔDΩΛ004 $.delta.clarity"]),
        case(
            "/delta/clarity/from",
            json!(1.1),
            &["BLOCK Δ001 $.delta.clarity.from", "BLOCK Δ001 $.delta.clarity.change"],
        ),
        case("/delta/trust", json!({"from": 0.75}), &[]),
        case("/delta/trust", json!({"to": -0.75}), &["BLOCK Δ001 $.delta.trust.to"]),
        case("/delta/pain", json!({"from": 0.8, "to": 0.795, "change": -0.01}), &[]),
        beyond_schemas(
            "/delta/pain",
            json!({"from": 0.8, "to": 0.795, "change": -0.011}),
            &["BLOCK Δ001 $.delta.pain.change"],
        ),
        beyond_schemas("/delta/chaos/change", json!(0.28), &["BLOCK Δ001 $.delta.chaos.change"]),
        case("/delta/chaos/change", json!("up"), &["BLOCK ΔDΩΛ004 $.delta.chaos.change"]),
    ]
}

fn dimension() -> Vec<Case> {
    vec![
        case("/dimension/fractal_dimension", json!(1), &[]),
        case("/dimension/fractal_dimension", json!(4), &[]),
        case("/dimension/fractal_dimension", json!(0.99), &["BLOCK D001 $.dimension.fractal_dimension"]),
        case("/dimension/fractal_dimension", json!(4.01), &["BLOCK D001 $.dimension.fractal_dimension"]),
        case("/dimension/complexity", json!(0), &[]),
        case("/dimension/complexity", json!(4.5), &["BLOCK D001 $.dimension.complexity"]),
        case("/dimension/complexity", json!("high"), &["BLOCK ΔDΩΛ004 $.dimension.complexity"]),
        case("/dimension/self_similarity", json!(1.01), &["BLOCK D001 $.dimension.self_similarity"]),
        case("/dimension/scaling_factor", json!(0.1), &[]),
        case("/dimension/scaling_factor", json!(0.09), &["BLOCK D001 $.dimension.scaling_factor"]),
        case("/dimension/scaling_factor", json!(10.1), &["BLOCK D001 $.dimension.scaling_factor"]),
        case("/dimension/complexity_measure", json!("extreme"), &[]),
        case("/dimension/complexity_measure", json!("Extreme"), &["BLOCK D001 $.dimension.complexity_measure"]),
        case("/dimension/complexity_measure", json!(3), &["BLOCK ΔDΩΛ004 $.dimension.complexity_measure"]),
        case("/dimension/box_counting", json!({}), &[]),
        case("/dimension/box_counting", json!([]), &["BLOCK ΔDΩΛ004 $.dimension.box_counting"]),
        case("/dimension/box_counting/box_counts", json!(3), &["BLOCK ΔDΩΛ004 $.dimension.box_counting.box_counts"]),
        case(
            "/dimension/box_counting/epsilon_values",
            json!("1,2"),
            &["BLOCK ΔDΩΛ004 $.dimension.box_counting.epsilon_values"],
        ),
        beyond_schemas("/dimension/box_counting/box_counts", json!([40, 16]), &["BLOCK D001 $.dimension.box_counting"]),
        without("/dimension/box_counting/epsilon_values", &["BLOCK D001 $.dimension.box_counting"]),
    ]
}

fn omega() -> Vec<Case> {
    vec![
        case("/omega/completeness", json!(0.7), &[]),
        case("/omega/completeness", json!(0.69), &["WARN Ω001 $.omega.completeness"]),
        case("/omega/completeness", json!(-0.01), &["BLOCK Ω001 $.omega.completeness"]),
        case("/omega/completeness_ratio", json!(0.5), &["WARN Ω001 $.omega.completeness_ratio"]),
        case("/omega/completeness_ratio", json!(1.5), &["BLOCK Ω001 $.omega.completeness_ratio"]),
        case("/omega/coverage_density", json!(1.5), &["BLOCK Ω001 $.omega.coverage_density"]),
        case("/omega/coherence_level", json!(0.6), &[]),
        case("/omega/coherence_level", json!(0.59), &["WARN Ω001 $.omega.coherence_level"]),
        case("/omega/coherence_level", json!(2), &["BLOCK Ω001 $.omega.coherence_level"]),
        case("/omega/optimization_potential", json!([]), &["BLOCK ΔDΩΛ004 $.omega.optimization_potential"]),
        case("/omega/optimization_potential", json!(-1), &["BLOCK Ω001 $.omega.optimization_potential"]),
        case("/omega/structural_integrity", json!("degrading"), &["WARN Ω001 $.omega.structural_integrity"]),
        case("/omega/structural_integrity", json!("unstable"), &["WARN Ω001 $.omega.structural_integrity"]),
        case("/omega/structural_integrity", json!("solid"), &["BLOCK Ω001 $.omega.structural_integrity"]),
        case("/omega/structural_integrity", json!(1), &["BLOCK ΔDΩΛ004 $.omega.structural_integrity"]),
        case("/omega/manual_review_required", json!(true), &["WARN Ω001 $.omega.manual_review_required"]),
        case("/omega/manual_review_required", json!("yes"), &["BLOCK ΔDΩΛ004 $.omega.manual_review_required"]),
        case("/auto_generated", json!(true), &["WARN Ω001 $.auto_generated"]),
        case("/auto_generated", json!(false), &[]),
        case("/whatever/auto_generated", json!(true), &["WARN Ω001 $.whatever.auto_generated"]),
    ]
}

fn lambda() -> Vec<Case> {
    vec![
        case("/lambda/status", json!("BLOCK"), &[]),
        case("/lambda/status", json!("ok"), &["BLOCK ΔDΩΛ004 $.lambda.status"]),
        case("/lambda/status", json!(null), &["BLOCK ΔDΩΛ004 $.lambda.status"]),
        case("/lambda/quantum_state", json!("up"), &["BLOCK ΔDΩΛ004 $.lambda.quantum_state"]),
        case("/lambda/quantum_state/superposition", json!(1.2), &["BLOCK Λ001 $.lambda.quantum_state.superposition"]),
        case("/lambda/quantum_state/basis", json!("z"), &["BLOCK ΔDΩΛ004 $.lambda.quantum_state.basis"]),
        case("/lambda/quantum_state/timestamp", json!("2026-01-01"), &[]),
        case("/lambda/quantum_state/state_vector", json!([1]), &[]),
        case("/lambda/quantum_state/state_vector", json!([]), &["BLOCK Λ001 $.lambda.quantum_state.state_vector"]),
        case(
            "/lambda/quantum_state/state_vector",
            json!([1, 0, 0]),
            &["BLOCK Λ001 $.lambda.quantum_state.state_vector"],
        ),
        case("/lambda/state_vector", json!([1, 0, 0, 0, 0]), &["BLOCK Λ001 $.lambda.state_vector"]),
        case("/lambda/state_vector", json!([1, 0, 0, 0, 0, 0, 0, 0]), &[]),
        case("/lambda/state_vector", json!(4), &["BLOCK ΔDΩΛ004 $.lambda.state_vector"]),
        case("/lambda/logic_coherence", json!(1), &["BLOCK ΔDΩΛ004 $.lambda.logic_coherence"]),
        case("/lambda/logic_coherence/soundness", json!(-0.2), &["BLOCK Λ001 $.lambda.logic_coherence.soundness"]),
        case("/lambda/logic_coherence/consistency", json!(0.8), &[]),
        case("/lambda/logic_coherence/consistency", json!(0.79), &["WARN Λ001 $.lambda.logic_coherence.consistency"]),
        case("/lambda/quantum_error_rate", json!(0.1), &[]),
        case("/lambda/quantum_error_rate", json!(0.11), &["WARN Λ001 $.lambda.quantum_error_rate"]),
        case(
            "/lambda/quantum_state/quantum_error_rate",
            json!(0.2),
            &["WARN Λ001 $.lambda.quantum_state.quantum_error_rate"],
        ),
    ]
}

fn timestamps() -> Vec<Case> {
    let good = [
        "2026-01-01",
        "2026-01-01T10:00",
        "2026-01-01T10:00:00",
        "2026-01-01T10:00:00.123456789Z",
        "2026-01-01T10:00:00,5Z",
        "2026-01-01T10:00:00+03:00",
        "2026-01-01T10:00:00-0330",
        "2026-01-01T10:00+03",
        "2016-12-31T23:59:60Z",
        "2024-02-29T00:00:00Z",
    ];
    let bad = [
        "",
        "yesterday",
        "2026-1-1",
        "2026-13-01",
        "2026-01-01 10:00:00",
        "2026-01-01T",
        "2026-01-01T10",
        "2026-01-01T24:00:00Z",
        "2026-01-01T10:60:00Z",
        "2026-01-01T10:00:00.Z",
        "2026-01-01T10:00.5Z",
        "2026-01-01T10:00:00z",
        "2026-01-01T10:00:00+3",
        "2026-01-01T10:00:00+03:0",
        "2026-01-01T10:00:00Z\n",
        "+2026-01-01",
        "２０２６-01-01",
    ];
    let told: &[&str] = &["BLOCK ΔDΩΛ002 $.whatever.timestamp"];
    let good = good.map(|text| case("/whatever/timestamp", json!(text), &[]));
    let bad = bad.map(|text| case("/whatever/timestamp", json!(text), told));
    let more = [
        beyond_schemas("/whatever/timestamp", json!("2026-02-30"), told),
        beyond_schemas("/whatever/timestamp", json!("2025-02-29T00:00:00Z"), told),
        case("/whatever/timestamp", json!(1_767_225_600), &["BLOCK ΔDΩΛ004 $.whatever.timestamp"]),
        case("/whatever/else", json!([{"timestamp": "now"}]), &["BLOCK ΔDΩΛ002 $.whatever.else[0].timestamp"]),
        case("/timestamp", json!(null), &["BLOCK ΔDΩΛ004 $.timestamp"]),
    ];
    good.into_iter().chain(bad).chain(more).collect()
}

fn checksums() -> Vec<Case> {
    const WRONG: &str = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    vec![
        beyond_schemas("/checksum", json!(WRONG), &["BLOCK ΔDΩΛ001 $.checksum"]),
        beyond_schemas("/checksum", json!("sha256:"), &["BLOCK ΔDΩΛ001 $.checksum"]),
        case("/checksum", json!("crc32:1c291ca3"), &[]),
        case("/checksum", json!(7), &["BLOCK ΔDΩΛ004 $.checksum"]),
    ]
}
