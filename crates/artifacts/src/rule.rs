//! What may stand at a place of a record, and the check of it.

use domain::Text;
use serde_json::{Map, Value};

use crate::code::Code;
use crate::field::Field;
use crate::finding::{Finding, Findings};

/// What may stand at a place.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// Whatever it is.
    Anything,
    /// An object with these known members, and any others.
    Object(&'static [Member]),
    /// The same, with something to say of its members together.
    Together(&'static [Member], fn(&Field<'_>, Code, &mut Findings)),
    /// An object whose members all follow one rule, but for those of these names.
    Each(&'static Rule, &'static [Member]),
    /// A number, both ends included.
    Number(f64, f64),
    /// The same, which a person should look at outside of the narrower range.
    Doubtful(f64, f64, &'static Doubt),
    /// How many.
    Count,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The same, of which all but the first want a person's eye.
    BestWord(&'static [&'static str], fn() -> Text),
    /// The status that a record gives itself.
    Status,
    /// True or false; true wants a person's eye.
    Review,
    /// Any number of items which is a power of two.
    StateVector,
    /// A text, a list or an object, with something in it.
    Evidence,
}

/// A known member of an object.
#[derive(Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) is_needed: bool,
    /// Under which code it is told, if not under that of what it is in.
    pub(crate) code: Option<Code>,
    pub(crate) rule: Rule,
}

/// Below which value a person should look, and why.
pub(crate) struct Doubt {
    pub(crate) below: f64,
    pub(crate) why: fn() -> Text,
}

/// Adds what is wrong with a value by its rule.
pub(crate) fn check(field: &Field<'_>, rule: &Rule, code: Code, findings: &mut Findings) {
    let mut refuse = |code| findings.add(Finding::not_allowed(field, code, rule.allowed()));
    match *rule {
        Rule::Anything => {}
        Rule::Object(members) | Rule::Together(members, _) | Rule::Each(_, members) => {
            let Some(object) = field.value.as_object() else { return refuse(Code::Shape) };
            check_members(field, object, members, code, findings);
            match *rule {
                Rule::Together(_, together) => together(field, code, findings),
                Rule::Each(each, _) => check_each(field, object, each, members, code, findings),
                _ => {}
            }
        }
        Rule::Number(low, high) | Rule::Doubtful(low, high, _) => match field.value.as_f64() {
            None => refuse(Code::Shape),
            Some(number) if !(low..=high).contains(&number) => refuse(code),
            Some(number) => {
                if let Rule::Doubtful(_, _, doubt) = *rule
                    && number < doubt.below
                {
                    let wished = at_least(doubt.below);
                    findings.add(Finding::doubtful(field, code, wished, &(doubt.why)()));
                }
            }
        },
        Rule::Count => match field.value.as_f64() {
            None => refuse(Code::Shape),
            Some(number) if number < 0.0 || number.fract() != 0.0 => refuse(code),
            Some(_) => {}
        },
        Rule::Word(words) | Rule::BestWord(words, _) => match field.value.as_str() {
            None => refuse(Code::Shape),
            Some(word) if !words.contains(&word) => refuse(code),
            Some(word) => {
                if let Rule::BestWord([best, ..], why) = *rule
                    && word != *best
                {
                    findings.add(Finding::doubtful(field, code, one_of(&[*best]), &why()));
                }
            }
        },
        Rule::Status => {
            if !field.value.as_str().is_some_and(|status| STATUSES.contains(&status)) {
                refuse(Code::Shape);
            }
        }
        Rule::Review => match field.value {
            Value::Bool(false) => {}
            Value::Bool(true) => {
                let why = Text::new("its maker asks for a review by a person", "автор просит проверки человеком");
                findings.add(Finding::doubtful(field, code, one_of(&["false"]), &why));
            }
            _ => refuse(Code::Shape),
        },
        Rule::StateVector => match field.value.as_array() {
            None => refuse(Code::Shape),
            Some(items) if !items.len().is_power_of_two() => refuse(code),
            Some(_) => {}
        },
        Rule::Evidence => match field.value {
            Value::Null => refuse(Code::Missing),
            Value::String(text) if text.trim().is_empty() => refuse(Code::Missing),
            Value::Array(items) if items.is_empty() => refuse(Code::Missing),
            Value::Object(members) if members.is_empty() => refuse(Code::Missing),
            Value::Bool(_) | Value::Number(_) => refuse(Code::Shape),
            Value::String(_) | Value::Array(_) | Value::Object(_) => {}
        },
    }
}

const STATUSES: [&str; 3] = ["OK", "WARN", "BLOCK"];

fn check_members(
    field: &Field<'_>,
    object: &Map<String, Value>,
    members: &[Member],
    code: Code,
    findings: &mut Findings,
) {
    for member in members {
        let code = member.code.unwrap_or(code);
        match object.get(member.name) {
            Some(value) => check(&field.member(member.name, value), &member.rule, code, findings),
            None if member.is_needed => findings.add(Finding::missing(field, member.name, member.rule.allowed())),
            None => {}
        }
    }
}

fn check_each(
    field: &Field<'_>,
    object: &Map<String, Value>,
    each: &Rule,
    members: &[Member],
    code: Code,
    findings: &mut Findings,
) {
    let others = object.iter().filter(|(name, _)| members.iter().all(|member| member.name != *name));
    for (name, value) in others {
        check(&field.member(name, value), each, code, findings);
    }
}

impl Rule {
    /// In words.
    pub(crate) fn allowed(&self) -> Text {
        match *self {
            Self::Anything => Text::new("any value", "любое значение"),
            Self::Object(_) | Self::Together(..) | Self::Each(..) => Text::new("an object", "объект"),
            Self::Number(f64::NEG_INFINITY, _) => Text::new("a number", "число"),
            Self::Number(low, high) | Self::Doubtful(low, high, _) => {
                Text::new(format!("a number from {low} to {high}"), format!("число от {low} до {high}"))
            }
            Self::Count => Text::new("a whole number, 0 or more", "целое число, не меньше 0"),
            Self::Word(words) | Self::BestWord(words, _) => one_of(words),
            Self::Status => one_of(&STATUSES),
            Self::Review => one_of(&["true", "false"]),
            Self::StateVector => {
                Text::new("a list whose length is a power of two", "список, длина которого — степень двойки")
            }
            Self::Evidence => {
                Text::new("a text, a list or an object that is not empty", "непустой текст, список или объект")
            }
        }
    }
}

fn at_least(limit: f64) -> Text {
    Text::new(format!("{limit} or more"), format!("{limit} или больше"))
}

fn one_of(words: &[&str]) -> Text {
    match words {
        [word] => Text::new(*word, *word),
        [first @ .., last] => {
            let first = first.join(", ");
            Text::new(format!("{first} or {last}"), format!("{first} или {last}"))
        }
        [] => Text::default(),
    }
}
