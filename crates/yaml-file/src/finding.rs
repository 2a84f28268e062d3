use std::fmt;
use std::path::PathBuf;

use crate::{Complaint, Place};

/// Most findings printed of one file: a person fixes a few and tries again.
const PRINTED: usize = 20;

/// Why a file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be read at all.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is larger than any file made by hand.
    #[error("{name} has more than {maximum} bytes")]
    TooLarge {
        /// Which file.
        name: String,
        /// What is allowed.
        maximum: usize,
    },
    /// It was read, and something in it is wrong.
    #[error(transparent)]
    Wrong(#[from] Report),
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// Whether its line holds what should not be printed, such as a password at the wrong place.
    pub is_secret: bool,
}

/// What is wrong with a file, gathered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Found>);

/// A finding whose exact place is only known with the text of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    finding: Finding,
    part: Option<Part>,
}

/// Some characters of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    value: String,
    start: usize,
    length: usize,
}

impl Findings {
    /// Adds one without a hint.
    pub fn add(&mut self, place: Place, message: impl Into<String>) {
        self.complain(place, Complaint::new(message));
    }

    /// Adds one with a hint.
    pub fn add_with_hint(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.complain(place, Complaint::new(message).hint(hint));
    }

    /// Adds one about what should not be printed: its line is not shown.
    pub fn add_secret(&mut self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.add_with_hint(place, message, hint);
        if let Some(found) = self.0.last_mut() {
            found.finding.is_secret = true;
        }
    }

    /// Adds one that was found elsewhere.
    pub fn complain(&mut self, place: Place, complaint: Complaint) {
        self.0.push(Found {
            finding: Finding { place, message: complaint.message, hint: complaint.hint, is_secret: false },
            part: None,
        });
    }

    /// Adds one about a part of the text that a value is, found by a reader of its own: `start` and `length` count its
    /// characters. Where the value is written otherwise than it reads (on several lines, with escapes, as an alias), it
    /// is marked as a whole.
    pub fn complain_inside(
        &mut self,
        place: Place,
        value: impl Into<String>,
        (start, length): (usize, usize),
        complaint: Complaint,
    ) {
        let part = Part { value: value.into(), start, length };
        self.0.push(Found {
            finding: Finding { place, message: complaint.message, hint: complaint.hint, is_secret: false },
            part: Some(part),
        });
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In the order of the file, each once: a value that serves several times is looked at several times.
    pub(crate) fn into_sorted(self, text: &str) -> Vec<Finding> {
        let exact = |Found { mut finding, part }: Found| {
            finding.place = part.and_then(|part| part.find(finding.place, text)).unwrap_or(finding.place);
            finding
        };
        let mut findings: Vec<Finding> = self.0.into_iter().map(exact).collect();
        findings.sort_by_key(|finding| (finding.place.line, finding.place.column));
        findings.dedup();
        findings
    }
}

impl Part {
    /// Its place, if the value at `whole` is written as it reads: plain, or between quotes.
    fn find(&self, whole: Place, text: &str) -> Option<Place> {
        let line = text.lines().nth(whole.line.checked_sub(1)?)?;
        let before = whole.column.checked_sub(1)?;
        let (at, _) = line.char_indices().nth(before)?;
        let written = &line[at..];
        let quote = written.starts_with(['"', '\'']);
        if !written[usize::from(quote)..].starts_with(&self.value) {
            return None;
        }
        Some(Place { column: whole.column + usize::from(quote) + self.start, length: self.length, ..whole })
    }
}

/// All that is wrong with one file, ready to be printed.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    pub name: String,
    /// At least one, in the order of the file.
    pub findings: Vec<Finding>,
    pub(crate) text: String,
}

impl std::error::Error for Report {}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().take(PRINTED).enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            self.write(f, finding)?;
        }
        match self.findings.len().saturating_sub(PRINTED) {
            0 => Ok(()),
            more => write!(f, "\n\nand {more} more"),
        }
    }
}

impl Report {
    /// The first finding; of a line that holds a secret, the one that says so.
    pub fn first(&self) -> Option<&Finding> {
        let first = self.findings.first()?;
        self.findings.iter().find(|other| other.is_secret && other.place.line == first.place.line).or(Some(first))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, finding: &Finding) -> fmt::Result {
        let Place { line, column, length } = finding.place;
        if line == 0 {
            write!(f, "{}: {}", self.name, finding.message)?;
        } else {
            write!(f, "{}:{line}:{column}: {}", self.name, finding.message)?;
            if !self.findings.iter().any(|finding| finding.is_secret && finding.place.line == line) {
                let (shown, before, marked) = excerpt(self.text.lines().nth(line - 1).unwrap_or(""), column, length);
                write!(f, "\n{}", format!("{line:>5} | {shown}").trim_end())?;
                write!(f, "\n      | {}{}", " ".repeat(before), "^".repeat(marked))?;
            }
        }
        match &finding.hint {
            Some(hint) => write!(f, "\n      = hint: {hint}"),
            None => Ok(()),
        }
    }
}

/// The part of a line around a place, how many characters stand before it, and how many to mark.
fn excerpt(line: &str, column: usize, length: usize) -> (String, usize, usize) {
    const WIDTH: usize = 110;
    const CONTEXT: usize = 40;
    let start = column.saturating_sub(1);
    // Short lines are shown whole; of long ones only what surrounds the place.
    let skipped = if line.chars().count() <= WIDTH { 0 } else { start.saturating_sub(CONTEXT) };
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let shown: String = line.chars().skip(skipped).take(WIDTH).map(printable).collect();
    let before = start - skipped;
    let room = shown.trim_end().chars().count().saturating_sub(before);
    (shown.trim_end().to_owned(), before, length.clamp(1, room.max(1)))
}
