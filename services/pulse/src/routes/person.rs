//! What people say of themselves when they ask for something.

use axum::http::StatusCode;
use domain::limits;
use http_service::Problem;

/// Checks a name and a note; `code` names what they belong to.
pub(crate) fn check(by: &str, note: &str, code: &'static str) -> Result<(), Problem> {
    let refuse = |detail: String| Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail));
    if by.trim().is_empty() || by.len() > limits::PERSON_BYTES || by.chars().any(char::is_control) {
        return refuse(format!(
            "`by` names a person in 1 to {} bytes without control characters",
            limits::PERSON_BYTES
        ));
    }
    if note.len() > limits::NOTE_BYTES || note.chars().any(|c| c.is_control() && c != '\n') {
        return refuse(format!("`note` has at most {} bytes, without control characters", limits::NOTE_BYTES));
    }
    Ok(())
}
