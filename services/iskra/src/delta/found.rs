//! Finds an artifact by its path or by a part of its name, and takes it apart into figures.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use artifacts::MAX_BYTES;
use changes::{ARCHIVE, ARTIFACTS, Repository};
use domain::Language;
use serde_json::Value;

/// An artifact, and where it lies.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// The file of that path; else the one artifact of the repository that has `name` in its path.
pub(super) fn find(repository: &Repository, name: &str) -> anyhow::Result<Found> {
    let path = match Path::new(name) {
        path if path.is_file() => path.to_owned(),
        _ => named(repository, name)?,
    };
    Ok(Found { bytes: read(&path)?, path })
}

fn named(repository: &Repository, name: &str) -> anyhow::Result<PathBuf> {
    let index = changes::index(repository.work_tree())?;
    let archived = index.lines().iter().map(|line| format!("{ARCHIVE}/{}", line.file));
    let waiting = changes::waiting(repository.work_tree())?.into_iter().map(|name| format!("{ARTIFACTS}/{name}"));
    let all: Vec<String> = archived.chain(waiting).filter(|path| path.contains(name)).collect();
    let whole = all.iter().find(|path| path.ends_with(&format!("/{name}")));
    match (whole, all.as_slice()) {
        (Some(one), _) | (None, [one]) => Ok(repository.work_tree().join(one)),
        (None, []) => anyhow::bail!("there is no file and no artifact called `{}`", artifacts::visible(name)),
        (None, several) => anyhow::bail!("several artifacts have that in their path: {}", several.join(", ")),
    }
}

/// As much of a file as an artifact can have, and a byte more.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(bytes)
}

impl Found {
    /// The record in it.
    pub(super) fn record(&self, language: Language) -> anyhow::Result<Value> {
        let wrong =
            |finding: artifacts::Finding| anyhow::anyhow!("{}: {}", self.path.display(), finding.message.get(language));
        artifacts::read(&self.bytes).map_err(wrong)
    }
}

/// All figures of a record with their places; a list of plain values is one of them.
pub(super) fn figures(record: &Value) -> Vec<(String, String)> {
    let mut figures = Vec::new();
    walk(record, "", &mut figures);
    figures
}

fn walk(value: &Value, at: &str, figures: &mut Vec<(String, String)>) {
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    match value {
        Value::Object(members) if !members.is_empty() => {
            let dot = if at.is_empty() { "" } else { "." };
            members.iter().for_each(|(name, value)| walk(value, &format!("{at}{dot}{name}"), figures));
        }
        Value::Array(items) if !items.iter().all(is_plain) => {
            items.iter().enumerate().for_each(|(number, value)| walk(value, &format!("{at}[{number}]"), figures));
        }
        _ => figures.push((artifacts::visible(at), artifacts::visible(&value.to_string()))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::figures;

    #[test]
    fn a_record_is_its_figures() {
        let record = json!({
            "a": { "b": 1, "c": [1, 2], "d": [{ "e": null }, "f"], "g": {}, "h": [] },
            "k\u{202e}": "v\u{1b}\u{202e}",
        });
        let text: Vec<String> = figures(&record).into_iter().map(|(at, value)| format!("{at} {value}")).collect();
        let expected = [
            "a.b 1",
            "a.c [1,2]",
            "a.d[0].e null",
            "a.d[1] \"f\"",
            "a.g {}",
            "a.h []",
            "k\\u{202e} \"v\\u001b\\u{202e}\"",
        ];
        assert_eq!(text, expected);
    }
}
