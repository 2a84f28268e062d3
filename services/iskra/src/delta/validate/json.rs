//! For programs.

use serde_json::{Value, json};

use super::input::Validated;

pub(super) fn object(all: &[Validated]) -> Value {
    let artifacts: Vec<_> = all
        .iter()
        .filter_map(|one| {
            let mut artifact = json!(one.checked()?);
            artifact["file"] = json!(one.name());
            Some(artifact)
        })
        .collect();
    let wrong: Vec<_> = all
        .iter()
        .filter_map(Validated::wrong)
        .map(|(file, wrong)| json!({ "file": file, "error": wrong.to_string() }))
        .collect();
    json!({ "validation": { "status": super::worst(all), "artifacts": artifacts, "not_checked": wrong } })
}
