//! The record as data: the fields that are known, and what may stand there. Every other field is kept and ignored.

use domain::Text;
use serde_json::Value;

use crate::code::Code;
use crate::field::Field;
use crate::finding::{Finding, Findings};
use crate::rule::{Doubt, Member, Rule};

pub(crate) const RECORD: Rule = Rule::Object(&[
    part("delta", Code::Delta, DELTA),
    part("dimension", Code::Dimension, DIMENSION),
    part("omega", Code::Omega, OMEGA),
    part("lambda", Code::Lambda, LAMBDA),
    part("sift", Code::Shape, SIFT),
]);

/// `change` may differ from `to` − `from` by so much: all three may be rounded.
const ROUNDING: f64 = 0.005;
/// What the arithmetic itself may add to that: 0.8 − 0.795 is a little more than 0.005.
const ARITHMETIC: f64 = 1e-9;

const DELTA: Rule = Rule::Object(&[
    known("additions", LINES),
    known("deletions", LINES),
    known("modifications", MODIFICATIONS),
    known("clarity", VITAL),
    known("chaos", VITAL),
    known("trust", VITAL),
    known("pain", VITAL),
]);

const LINES: Rule =
    Rule::Object(&[needed("count", Rule::Count), needed("lines", Rule::Count), needed("entropy", SHARE)]);

const MODIFICATIONS: Rule = Rule::Object(&[
    needed("count", Rule::Count),
    needed("entropy", SHARE),
    needed("complexity_change", Rule::Anything),
]);

const VITAL: Rule =
    Rule::Together(&[known("from", SHARE), known("to", SHARE), known("change", ANY_NUMBER)], change_adds_up);

const DIMENSION: Rule = Rule::Object(&[
    known("fractal_dimension", Rule::Number(1.0, 4.0)),
    known("complexity", Rule::Number(0.0, 4.0)),
    known("self_similarity", SHARE),
    known("scaling_factor", Rule::Number(0.1, 10.0)),
    known("complexity_measure", Rule::Word(&["simple", "moderate", "complex", "extreme"])),
    known("box_counting", Rule::Together(&[], counts_match_sizes)),
]);

const OMEGA: Rule = Rule::Object(&[
    known("completeness", COMPLETENESS),
    known("completeness_ratio", COMPLETENESS),
    known("coverage_density", SHARE),
    known("coherence_level", Rule::Doubtful(0.0, 1.0, &Doubt { below: 0.6, why: incoherent })),
    known("optimization_potential", SHARE),
    known("structural_integrity", Rule::BestWord(&["stable", "degrading", "unstable"], not_stable)),
    known("manual_review_required", Rule::Review),
]);

const COMPLETENESS: Rule = Rule::Doubtful(0.0, 1.0, &Doubt { below: 0.7, why: incomplete });

const LAMBDA: Rule = Rule::Object(&[
    known("status", Rule::Status),
    known("state_vector", Rule::StateVector),
    known("quantum_state", Rule::Each(&SHARE, &[known("state_vector", Rule::StateVector), TIMESTAMP])),
    known("logic_coherence", Rule::Each(&SHARE, &[TIMESTAMP])),
]);

const SIFT: Rule = Rule::Object(&[
    needed("source", Rule::Evidence),
    needed("inference", Rule::Evidence),
    needed("fact", Rule::Evidence),
    needed("trace", Rule::Evidence),
]);

/// Checked by its name, wherever it stands.
const TIMESTAMP: Member = known("timestamp", Rule::Anything);

const SHARE: Rule = Rule::Number(0.0, 1.0);
const ANY_NUMBER: Rule = Rule::Number(f64::NEG_INFINITY, f64::INFINITY);

const fn part(name: &'static str, code: Code, rule: Rule) -> Member {
    Member { name, is_needed: true, code: Some(code), rule }
}

const fn needed(name: &'static str, rule: Rule) -> Member {
    Member { name, is_needed: true, code: None, rule }
}

const fn known(name: &'static str, rule: Rule) -> Member {
    Member { name, is_needed: false, code: None, rule }
}

fn change_adds_up(vital: &Field<'_>, code: Code, findings: &mut Findings) {
    let number = |name| vital.value.get(name).and_then(Value::as_f64);
    let (Some(from), Some(to), Some(change)) = (number("from"), number("to"), vital.get("change")) else { return };
    let expected = to - from;
    if change.value.as_f64().is_some_and(|change| (change - expected).abs() > ROUNDING + ARITHMETIC) {
        let allowed = Text::new(
            format!("to − from = {expected:.3}, give or take {ROUNDING}"),
            format!("to − from = {expected:.3} с точностью до {ROUNDING}"),
        );
        findings.add(Finding::not_allowed(&change, code, allowed));
    }
}

fn counts_match_sizes(boxes: &Field<'_>, code: Code, findings: &mut Findings) {
    let mut lengths = [None; 2];
    for (length, name) in lengths.iter_mut().zip(["box_counts", "epsilon_values"]) {
        let Some(list) = boxes.get(name) else { continue };
        match list.value.as_array() {
            Some(items) => *length = Some(items.len()),
            None => {
                return findings.add(Finding::not_allowed(&list, Code::Shape, Text::new("a list", "список")));
            }
        }
    }
    let [counts, sizes] = lengths;
    if counts != sizes {
        let [counts, sizes] = lengths.map(Option::unwrap_or_default);
        let allowed = Text::new(
            format!("as many box_counts as epsilon_values, not {counts} and {sizes}"),
            format!("box_counts столько же, сколько epsilon_values, а не {counts} и {sizes}"),
        );
        findings.add(Finding::not_allowed(boxes, code, allowed));
    }
}

fn incomplete() -> Text {
    Text::new(
        "the record is not complete enough to stand by itself",
        "запись недостаточно полна, чтобы верить ей на слово",
    )
}

fn incoherent() -> Text {
    Text::new("its parts do not hold together well", "её части плохо согласованы")
}

fn not_stable() -> Text {
    Text::new("the structure does not hold by itself", "структура сама не держится")
}
