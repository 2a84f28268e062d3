#![doc = include_str!("../README.md")]

mod checksum;
mod code;
mod field;
mod finding;
mod locate;
mod moment;
mod named;
mod path;
mod read;
mod record;
mod rule;
mod shown;
#[cfg(test)]
mod tests;

use domain::ArtifactStatus;
use serde_json::Value;

pub use checksum::checksum;
pub use code::{Code, UnknownCode, with_greek_letters};
pub use finding::{Checked, Finding, Place, Severity};
pub use path::{JsonPath, Segment};
pub use read::{MAX_BYTES, MAX_DEPTH, read};
pub use shown::visible;

use field::Field;
use finding::Findings;

/// Reads and checks a record: all that is wrong with it, or why it is none.
pub fn check(bytes: &[u8]) -> Checked {
    match read::read_text(bytes) {
        Ok((text, record)) => {
            let mut checked = check_value(&record);
            if !checked.findings.is_empty() {
                locate::locate(text, &mut checked.findings);
            }
            checked
        }
        Err(finding) => {
            let mut findings = Findings::default();
            findings.add(finding);
            findings.into_checked(None)
        }
    }
}

/// Checks a record that was made in this process.
pub fn check_value(record: &Value) -> Checked {
    let mut findings = Findings::default();
    let root = Field::root(record);
    rule::check(&root, &record::RECORD, Code::Shape, &mut findings);
    checksum::check(&root, &mut findings);
    named::check(&root, &mut findings);
    findings.into_checked(declared(record))
}

/// What the record says of itself.
fn declared(record: &Value) -> Option<ArtifactStatus> {
    let status = record.get("lambda")?.get("status")?.as_str()?;
    [ArtifactStatus::Ok, ArtifactStatus::Warn, ArtifactStatus::Block].into_iter().find(|known| known.name() == status)
}
