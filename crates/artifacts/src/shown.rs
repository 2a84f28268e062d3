//! What a record says, made fit to be shown: short, on one line, with nothing in it that a terminal would obey.

use serde_json::Value;

/// So many characters of a text are shown.
const SHOWN_CHARS: usize = 80;

/// A text with its control characters, and those that turn the direction of writing, made visible as `\u{202e}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_hidden(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
    }
    shown
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// At most so many characters of it as are shown.
pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// As a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    visible(&Value::from(cut(text)).to_string())
}

/// A value as JSON; of a list or an object only how much is in it.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Array(items) => format!("[… {} …]", items.len()),
        Value::Object(members) => format!("{{… {} …}}", members.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
