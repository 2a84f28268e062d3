//! What was found.

use domain::{ArtifactStatus, Text};
use serde::Serialize;

use crate::code::Code;
use crate::field::Field;
use crate::path::{JsonPath, Segment};
use crate::shown;

/// So many findings of a record are told; further ones are counted. An honest record does not come near.
const TOLD: usize = 1_000;

/// What the check says of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// The worst of all findings.
    pub status: ArtifactStatus,
    /// What the record says of itself in `lambda.status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<ArtifactStatus>,
    /// All that was found.
    pub findings: Vec<Finding>,
    /// How many more there are, beyond the first thousand.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_off: usize,
}

/// One thing that is wrong, or wants a person's eye.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// What kind of thing.
    pub code: Code,
    /// Whether it stands in the way.
    pub severity: Severity,
    /// Where in the record.
    pub path: JsonPath,
    /// Where in the text, if that is known.
    #[serde(flatten)]
    pub place: Option<Place>,
    /// What stands there, as JSON, cut short; nothing if nothing does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What may stand there.
    pub allowed: Text,
    /// All of it as a sentence.
    pub message: Text,
}

/// How bad a finding is. Worse is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// A person should look.
    Warn,
    /// The record is not valid.
    Block,
}

/// A place in a text, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place after a text that begins here.
    #[must_use]
    pub(crate) fn after(self, text: &str) -> Self {
        let chars = |text: &str| text.chars().count();
        match text.rfind('\n') {
            None => Self { column: self.column + chars(text), ..self },
            Some(last) => {
                let newlines = text.bytes().filter(|byte| *byte == b'\n').count();
                Self { line: self.line + newlines, column: 1 + chars(&text[last + 1..]) }
            }
        }
    }
}

impl Severity {
    /// The status of a record of which this is the worst finding.
    pub const fn status(self) -> ArtifactStatus {
        match self {
            Self::Warn => ArtifactStatus::Warn,
            Self::Block => ArtifactStatus::Block,
        }
    }
}

impl Finding {
    /// Something whose value is not allowed.
    pub(crate) fn not_allowed(field: &Field<'_>, code: Code, allowed: Text) -> Self {
        let (path, value) = (field.path(), shown::value(field.value));
        let message = Text::new(
            format!("{path} is {value}; allowed is {}", allowed.en),
            format!("{path} = {value}; допустимо: {}", allowed.ru),
        );
        Self { code, severity: Severity::Block, path, place: None, value: Some(value), allowed, message }
    }

    /// Something that has to be there.
    pub(crate) fn missing(parent: &Field<'_>, key: &str, allowed: Text) -> Self {
        let mut path = parent.path();
        path.0.push(Segment::key(key));
        let message = Text::new(
            format!("{path} is missing; it is {}", allowed.en),
            format!("нет поля {path}; здесь нужно: {}", allowed.ru),
        );
        Self { code: Code::Missing, severity: Severity::Block, path, place: None, value: None, allowed, message }
    }

    /// Something that is allowed, and that a person should look at.
    pub(crate) fn doubtful(field: &Field<'_>, code: Code, wished: Text, why: &Text) -> Self {
        let (path, value) = (field.path(), shown::value(field.value));
        let message = Text::new(format!("{path} is {value}: {}", why.en), format!("{path} = {value}: {}", why.ru));
        Self { code, severity: Severity::Warn, path, place: None, value: Some(value), allowed: wished, message }
    }
}

/// Collects findings: what stands in the way hides what is merely doubtful about the same value.
#[derive(Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    left_off: usize,
    worst: Option<Severity>,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        let is_hidden = finding.severity == Severity::Warn && self.list.iter().any(|other| other.path == finding.path);
        if is_hidden {
            return;
        }
        self.worst = self.worst.max(Some(finding.severity));
        match self.list.len() < TOLD {
            true => self.list.push(finding),
            false => self.left_off += 1,
        }
    }

    pub(crate) fn into_checked(self, declared: Option<ArtifactStatus>) -> Checked {
        let status = self.worst.map_or(ArtifactStatus::Ok, Severity::status);
        Checked { status, declared, findings: self.list, left_off: self.left_off }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}
