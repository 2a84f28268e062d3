//! Words for the person at the terminal: results on standard output, everything else on standard error.

use std::io::{self, Write as _};

/// A line of a result. False when nobody reads any more, as when it is piped into `head`.
#[must_use]
pub(crate) fn out(line: &str) -> bool {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).is_ok()
}

/// A remark.
pub(crate) fn note(line: &str) {
    // With standard error gone there is nobody left to tell.
    drop(writeln!(io::stderr(), "{line}"));
}

/// Why the command failed.
pub(crate) fn error(line: &str) {
    note(&format!("iskra: {line}"));
}
