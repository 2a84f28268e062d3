//! What holds for a name, wherever in the record it stands.

use domain::Text;
use serde_json::Value;

use crate::code::Code;
use crate::field::Field;
use crate::finding::{Finding, Findings};
use crate::moment;
use crate::read::MAX_DEPTH;

/// Above this, a change is spread over so much that nobody sees all of it.
const MOST_ENTROPY: f64 = 0.8;
const MOST_QUANTUM_ERRORS: f64 = 0.1;
const LEAST_CONSISTENCY: f64 = 0.8;

/// What stands in the way is looked for first: of very many findings only the first are told.
pub(crate) fn check(root: &Field<'_>, findings: &mut Findings) {
    walk(root, 0, &mut |key, field, depth| {
        if key == "timestamp" {
            moment::check(field, findings);
        }
        if depth == MAX_DEPTH && matches!(field.value, Value::Object(_) | Value::Array(_)) {
            findings.add(Finding::not_allowed(field, Code::Shape, at_most_so_deep()));
        }
    });
    for (part, code) in PARTS {
        if let Some(part) = root.get(part) {
            walk(&part, 1, &mut |key, field, _| check_figure(key, field, code, findings));
        }
    }
    walk(root, 0, &mut |key, field, _| {
        if key == "auto_generated" && *field.value == Value::Bool(true) {
            let why =
                Text::new("made by a program: a person completes it", "создано программой: человек должен дополнить");
            findings.add(Finding::doubtful(field, Code::Omega, Text::new("false", "false"), &why));
        }
    });
}

const PARTS: [(&str, Code); 4] =
    [("delta", Code::Delta), ("dimension", Code::Dimension), ("omega", Code::Omega), ("lambda", Code::Lambda)];

fn at_most_so_deep() -> Text {
    Text::new(format!("nothing, {MAX_DEPTH} levels deep"), format!("ничего на глубине {MAX_DEPTH}"))
}

/// Visits every member of every object, with its name, down to where records end.
fn walk(field: &Field<'_>, depth: usize, visit: &mut dyn FnMut(&str, &Field<'_>, usize)) {
    if depth == MAX_DEPTH {
        return;
    }
    match field.value {
        Value::Object(members) => {
            for (key, value) in members {
                let member = field.member(key, value);
                visit(key, &member, depth + 1);
                walk(&member, depth + 1, visit);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                let item = field.item(index, value);
                visit("", &item, depth + 1);
                walk(&item, depth + 1, visit);
            }
        }
        _ => {}
    }
}

fn check_figure(key: &str, field: &Field<'_>, code: Code, findings: &mut Findings) {
    let (limit, is_high, why) = match key {
        "entropy" => (
            MOST_ENTROPY,
            true,
            Text::new("it is spread so widely that nobody sees all of it", "разброс так велик, что всего не увидеть"),
        ),
        "quantum_error_rate" => (
            MOST_QUANTUM_ERRORS,
            true,
            Text::new("what follows rests on too many errors", "вывод опирается на слишком много ошибок"),
        ),
        "consistency" => {
            (LEAST_CONSISTENCY, false, Text::new("the reasons contradict each other", "доводы противоречат друг другу"))
        }
        _ => return,
    };
    let Some(number) = field.value.as_f64() else { return };
    let wished = match is_high {
        true if number > limit => Text::new(format!("{limit} or less"), format!("{limit} или меньше")),
        false if number < limit => Text::new(format!("{limit} or more"), format!("{limit} или больше")),
        _ => return,
    };
    findings.add(Finding::doubtful(field, code, wished, &why));
}
