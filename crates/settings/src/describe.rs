use std::fmt::Write as _;

use config::ValueKind;

use crate::address::redacted;
use crate::layers::Written;
use crate::{Layer, Settings};

/// The column at which layers are shown, where the value leaves room.
const LAYER_COLUMN: usize = 48;

/// One value that is in force, ready to be shown.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    key: String,
    value: String,
    layer: Layer,
}

impl From<&Written> for InForce {
    fn from(written: &Written) -> Self {
        Self { key: written.key.clone(), value: yaml(&written.value), layer: written.layer.clone() }
    }
}

#[cfg(test)]
impl InForce {
    /// How the row of the key in the documentation begins.
    pub(crate) fn documentation_row(&self) -> String {
        let variable = self.key.to_uppercase().replace('.', "__");
        let value = if self.value == "\"\"" { "\"\"" } else { self.value.trim_matches('"') };
        format!("| `{}` | `ISKRA__{variable}` | `{value}` |", self.key)
    }
}

impl Settings {
    /// What is in force, as YAML, with the layer of each value as a comment. Passwords in addresses are not shown.
    pub fn describe(&self) -> String {
        let mut text = String::new();
        let mut open_section = "";
        for InForce { key, value, layer } in &self.in_force {
            let (section, name) = key.split_once('.').unwrap_or(("", key));
            if section != open_section && !section.is_empty() {
                writeln!(text, "{section}:").expect("a String takes everything");
            }
            open_section = section;
            let indent = if section.is_empty() { "" } else { "  " };
            let line = format!("{indent}{name}: {value}");
            writeln!(text, "{line:LAYER_COLUMN$} # {layer}").expect("a String takes everything");
        }
        text
    }

    /// The layer that the value of `key` comes from, e.g. of `ports.pulse`.
    pub fn layer(&self, key: &str) -> Option<&Layer> {
        self.in_force.iter().find(|value| value.key == key).map(|value| &value.layer)
    }
}

/// A value as a person would write it, passwords left out.
pub(crate) fn text_of(value: &ValueKind) -> String {
    match value {
        ValueKind::String(text) => redacted(text),
        ValueKind::Array(items) => items.iter().map(|item| text_of(&item.kind)).collect::<Vec<_>>().join(", "),
        ValueKind::Table(_) => "a section".to_owned(),
        ValueKind::Nil => "nothing".to_owned(),
        other => other.to_string(),
    }
}

fn yaml(value: &ValueKind) -> String {
    match value {
        ValueKind::String(text) => quoted(&redacted(text)),
        ValueKind::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| quoted(&text_of(&item.kind))).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

/// Quoted where YAML would read a bare text as something else.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let is_number = text.parse::<f64>().is_ok();
    let is_word = matches!(text.to_lowercase().as_str(), "" | "true" | "false" | "null" | "yes" | "no" | "on" | "off");
    let is_bare = text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_plain);
    match is_bare && !is_number && !is_word {
        true => text.to_owned(),
        false => serde_json::Value::from(text).to_string(),
    }
}
