//! Commands of a GitHub workflow: every line is one, so that nothing in a record or a file name can be another.

use std::fmt::Write as _;

use artifacts::{Finding, Severity};
use domain::Language;

use super::input::Validated;
use super::text;

pub(super) fn lines(all: &[Validated], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for one in all {
        let file = property(&one.name());
        if let Some((_, wrong)) = one.wrong() {
            let level = if wrong.is_fatal() { "error" } else { "warning" };
            lines.push(format!("::{level} file={file}::{}", data(&wrong.to_string())));
        }
        let findings = one.checked().map_or(&[][..], |checked| &checked.findings);
        lines.extend(findings.iter().map(|finding| command(&file, finding, language)));
    }
    lines.push(format!("::notice::{}", data(&text::sum(all, language))));
    lines
}

fn command(file: &str, finding: &Finding, language: Language) -> String {
    let level = match finding.severity {
        Severity::Warn => "warning",
        Severity::Block => "error",
    };
    let mut command = format!("::{level} file={file}");
    if let Some(place) = finding.place {
        // Writing to a text cannot fail.
        let _written = write!(command, ",line={},col={}", place.line, place.column);
    }
    let title = property(finding.code.name());
    format!("{command},title={title}::{}", data(finding.message.get(language)))
}

/// What follows the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a parameter.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_can_end_it() {
        let hostile = "a%0A::b\r\n::error file=x,line=1::c";
        assert_eq!(data(hostile), "a%250A::b%0D%0A::error file=x,line=1::c");
        assert_eq!(property(hostile), "a%250A%3A%3Ab%0D%0A%3A%3Aerror file=x%2Cline=1%3A%3Ac");
    }
}
