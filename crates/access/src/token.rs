use domain::{Timestamp, limits};

use crate::{Digest, Scopes};

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The part of its text that is no secret.
    pub id: String,
    /// Who holds it: a person, or a program. What is done with it is done by this name.
    pub name: String,
    /// What it may.
    pub scopes: Scopes,
    /// The SHA-256 of its text.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it ends by itself, if it does.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// A name that nobody can have.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {} bytes without control characters", limits::PERSON_BYTES)]
pub struct BadName;

/// The same that people may call themselves.
pub fn check_name(name: &str) -> Result<(), BadName> {
    let is_bad = name.trim().is_empty() || name.len() > limits::PERSON_BYTES || name.chars().any(char::is_control);
    if is_bad { Err(BadName) } else { Ok(()) }
}
