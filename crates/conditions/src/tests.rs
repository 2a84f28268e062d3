mod explanations;
mod facts;
mod limits;
mod mistakes;
mod properties;
mod random;
mod reach;
mod spelling;
mod strength;
mod truth;

use crate::{Condition, Kind, Mistake, Range, Vocabulary};

/// An unknown value.
const UNKNOWN: f64 = f64::NAN;

/// The names of all tests, in the order of their slots.
const NAMES: [(&str, Kind, Range); 10] = [
    ("clarity", Kind::Number, Range::UNIT),
    ("chaos", Kind::Number, Range::UNIT),
    ("trust", Kind::Number, Range::UNIT),
    ("pain", Kind::Number, Range::UNIT),
    ("truth_violations", Kind::Number, Range::ANY),
    ("accuracy", Kind::Number, Range::ANY),
    ("needs_organization", Kind::Flag, Range::ANY),
    ("rigidity_detected", Kind::Flag, Range::ANY),
    ("stagnation_duration", Kind::Span, Range::ANY),
    ("silence", Kind::Span, Range { low: 0.0, high: f64::INFINITY }),
];

fn vocabulary() -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for (name, kind, range) in NAMES {
        vocabulary.add(name, kind, range).unwrap();
    }
    vocabulary
}

fn parse(text: &str) -> Result<Condition, Mistake> {
    Condition::parse(text, &mut vocabulary())
}

/// A condition that has no mistake.
fn condition(text: &str) -> Condition {
    parse(text).unwrap_or_else(|mistake| panic!("{}", pointed_at(text, &mistake)))
}

/// The slots of these names; all others are unknown.
fn slots(known: &[(&str, f64)]) -> Vec<f64> {
    let vocabulary = vocabulary();
    let mut slots = vec![UNKNOWN; vocabulary.len()];
    for (name, value) in known {
        slots[vocabulary.get(name).unwrap().0.index()] = *value;
    }
    slots
}

/// A mistake as a person sees it.
fn pointed_at(text: &str, mistake: &Mistake) -> String {
    let marks = format!("{}{}", " ".repeat(mistake.start), "^".repeat(mistake.length));
    let hint = mistake.hint.as_ref().map_or_else(String::new, |hint| format!("\n= hint: {hint}"));
    format!("{text}\n{marks} {mistake}{hint}")
}
