use std::fmt::Write as _;

use domain::Timestamp;
use serde::Serialize;

use crate::change::{Change, Kind};
use crate::measured::{Lines, Measured, Modifications, Part};
use crate::profile::Dimension;

/// So many paths are listed; how many are not is said.
const MOST_PATHS: usize = 500;

/// The artifact that a change makes of itself: what can be measured, the evidence for it, and what a person has to add.
/// The same commits give the same bytes.
#[derive(Debug, Serialize)]
pub struct Draft {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_request: Option<u64>,
    timestamp: Timestamp,
    auto_generated: bool,
    delta: Delta,
    dimension: MaybeDimension,
    omega: Omega,
    lambda: Lambda,
    sift: Sift,
}

#[derive(Debug, Serialize)]
struct Delta {
    additions: Lines,
    deletions: Lines,
    #[serde(skip_serializing_if = "Option::is_none")]
    modifications: Option<Modifications>,
    /// The entropies are shares of log₂ of this.
    entropy_over_files: u64,
    files: Files,
    components: Vec<Part>,
    paths: Vec<Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paths_left_out: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Files {
    changed: u64,
    added: u64,
    deleted: u64,
    modified: u64,
    renamed: u64,
    not_text: u64,
    submodules: u64,
}

#[derive(Debug, Serialize)]
struct Path {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deleted: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum MaybeDimension {
    Measured(Dimension),
    Unknown { not_measured: &'static str },
}

#[derive(Debug, Serialize)]
struct Omega {
    manual_review_required: bool,
}

#[derive(Debug, Serialize)]
struct Lambda {
    status: &'static str,
    next_steps: [&'static str; 3],
}

#[derive(Debug, Serialize)]
struct Sift {
    source: String,
    inference: &'static str,
    fact: String,
    trace: String,
}

impl Draft {
    /// The draft for a change, under the title and number of its pull request where they are known.
    pub fn of(measured: &Measured, title: Option<&str>, pull_request: Option<u64>) -> Self {
        let (base, head) = (measured.base.id(), measured.head.id());
        let renamed = |change: &Change| change.kind == Kind::Renamed;
        let not_text = |change: &Change| change.lines.is_none() && !change.is_submodule();
        Self {
            title: title.map(str::to_owned),
            pull_request,
            timestamp: measured.head.at(),
            auto_generated: true,
            delta: Delta {
                additions: measured.additions,
                deletions: measured.deletions,
                modifications: measured.modifications,
                entropy_over_files: measured.files,
                files: Files {
                    changed: measured.count(|_| true),
                    added: measured.count(|change| change.kind == Kind::Added),
                    deleted: measured.count(|change| change.kind == Kind::Deleted),
                    modified: measured.count(|change| change.kind == Kind::Modified),
                    renamed: measured.count(renamed),
                    not_text: measured.count(not_text),
                    submodules: measured.count(Change::is_submodule),
                },
                components: measured.parts.clone(),
                paths: measured.changes.iter().take(MOST_PATHS).map(Path::of).collect(),
                paths_left_out: measured.changes.len().checked_sub(MOST_PATHS).filter(|left| *left > 0),
            },
            dimension: measured.dimension.clone().map_or(
                MaybeDimension::Unknown {
                    not_measured: "the changed text is too short or too flat for three sizes of boxes",
                },
                MaybeDimension::Measured,
            ),
            omega: Omega { manual_review_required: true },
            lambda: Lambda {
                status: "WARN",
                next_steps: [
                    "Write in sift.inference what follows from the change, and in sift.fact what was seen to be so.",
                    "Say in omega how complete it is, and take manual_review_required away.",
                    "Set lambda.status, and take auto_generated away.",
                ],
            },
            sift: Sift {
                source: format!("git diff --numstat {base} {head}"),
                inference: "None yet: these are figures, and what follows from them is for a person to say.",
                fact: facts(measured),
                trace: format!("iskra delta generate --base {base} --head {head}"),
            },
        }
    }

    /// As it is written to a file. What nobody can see in a path is written as JSON's escape of it.
    pub fn to_json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("numbers and texts can be written as JSON");
        let mut shown = String::with_capacity(text.len() + 1);
        for c in text.chars() {
            match c.is_ascii() || artifacts::visible(c.encode_utf8(&mut [0; 4])).starts_with(c) {
                true => shown.push(c),
                false => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| shown += &format!("\\u{unit:04x}")),
            }
        }
        shown.push('\n');
        shown
    }
}

impl Path {
    fn of(change: &Change) -> Self {
        let text = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
        let (added, deleted) = change.lines.unzip();
        Self { path: text(&change.path), before: change.before.as_deref().map(text), added, deleted }
    }
}

/// What was measured, as a sentence.
fn facts(measured: &Measured) -> String {
    let files = measured.changes.len();
    let mut text = format!(
        "{} in {} and {}: {} added, {} deleted",
        counted(files as u64, "file"),
        counted(measured.parts.len() as u64, "component"),
        counted(measured.commits, "commit"),
        counted(measured.additions.lines, "line"),
        counted(measured.deletions.lines, "line"),
    );
    let unseen = measured.count(|change| change.lines.is_none());
    if unseen > 0 {
        // Writing into a String cannot fail.
        let _written = write!(text, "; {} without lines to count", counted(unseen, "file"));
    }
    text.push('.');
    text
}

fn counted(number: u64, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
