use std::collections::HashSet;
use std::fmt;

use domain::ArtifactStatus;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::place;

/// What the first line says of the line before it, which is not there.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The list of all that was archived: JSON Lines, to which lines are only added. Each holds the SHA-256 of its file and of
/// the line before, so that nothing can be changed, left out or put in later without all following lines telling.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    lines: Vec<Line>,
    last: Option<String>,
    /// How many bytes of it are whole lines.
    whole: usize,
}

/// One artifact of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// From 1.
    pub line: u64,
    /// The day on which it was merged.
    pub day: String,
    /// Its path below the archive: `<day>/<name>`.
    pub file: String,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// What the check said of it when it was archived.
    pub status: ArtifactStatus,
    /// The SHA-256 of the line before, without its end; zeros in the first one.
    pub previous: String,
}

/// Where an index is not what it was written as.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the index {what}")]
pub struct Broken {
    /// Which one.
    pub line: usize,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is no line of an index.
    Unreadable,
    /// It has the number of another.
    Number,
    /// It does not follow the line before it.
    Chain,
    /// It names a file that cannot be one of the archive's.
    Name,
    /// It names the same file as an earlier one.
    Repeated,
}

impl Index {
    /// Reads it, and checks that every line follows the one before. What comes after the last end of a line was being
    /// written when its writer died; it is no line, and is passed over.
    pub fn read(bytes: &[u8]) -> Result<Self, Broken> {
        let mut index = Self::default();
        let mut files = HashSet::new();
        for (position, text) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let Some(text) = text.strip_suffix(b"\n") else { break };
            let broken = |what| Broken { line: position + 1, what };
            let line: Line = serde_json::from_slice(text).map_err(|_| broken(What::Unreadable))?;
            if line.line != position as u64 + 1 {
                return Err(broken(What::Number));
            }
            if line.previous != index.previous() {
                return Err(broken(What::Chain));
            }
            let parts = line.file.split_once('/');
            if !parts.is_some_and(|(day, name)| day == line.day && place::is_day(day) && place::is_name(name)) {
                return Err(broken(What::Name));
            }
            if !files.insert(line.file.clone()) {
                return Err(broken(What::Repeated));
            }
            index.last = Some(sha256(text));
            index.whole += text.len() + 1;
            index.lines.push(line);
        }
        Ok(index)
    }

    /// All lines, the oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The line about a file of the archive.
    pub fn line(&self, file: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.file == file)
    }

    /// How many bytes of what was read are whole lines.
    pub(crate) const fn whole(&self) -> usize {
        self.whole
    }

    /// Adds a file, and says what to write.
    pub(crate) fn add(&mut self, day: &str, name: &str, sha256_of_file: String, status: ArtifactStatus) -> String {
        let line = Line {
            line: self.lines.len() as u64 + 1,
            day: day.to_owned(),
            file: format!("{day}/{name}"),
            sha256: sha256_of_file,
            status,
            previous: self.previous().to_owned(),
        };
        let text = serde_json::to_string(&line).expect("texts and numbers can be written as JSON");
        self.last = Some(sha256(text.as_bytes()));
        self.whole += text.len() + 1;
        self.lines.push(line);
        text + "\n"
    }

    fn previous(&self) -> &str {
        self.last.as_deref().unwrap_or(NOTHING)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "is none",
            Self::Number => "has the number of another",
            Self::Chain => {
                "does not follow the line before it: one of the two was changed, or one between them is missing"
            }
            Self::Name => "names a file that the archive cannot have",
            Self::Repeated => "names a file that an earlier line names",
        })
    }
}

/// In hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing into a String cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests;
