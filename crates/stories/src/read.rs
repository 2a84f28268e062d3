//! Makes what is written into what can be run, and finds all that is wrong with it.

mod expectations;
mod samples;

pub use samples::Written;

use std::str::FromStr;
use std::time::Duration;

use yaml_file::{Findings, Scalar};

/// Reads a text that has a form of its own; what is wrong is added to the findings.
pub fn parsed<T: FromStr>(scalar: &Scalar<String>, what: &str, example: &str, findings: &mut Findings) -> Option<T> {
    let text = scalar.read(findings)?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        findings.add_with_hint(scalar.place, format!("`{text}` is no {what}"), format!("write {example}"));
    }
    parsed
}

/// One after the other, so that a story reads as it happens.
pub fn in_order<'a>(times: impl Iterator<Item = &'a Scalar<Duration>>, what: &str, findings: &mut Findings) {
    let mut latest = None;
    for time in times {
        let Some(at) = time.read(&mut Findings::default()) else { continue };
        if latest.is_some_and(|latest| at <= latest) {
            findings
                .add(time.place, format!("{what} stand in the order of their times, each later than the one before"));
        }
        latest = latest.max(Some(at));
    }
}
