use std::time::Duration;

use domain::Timestamp;

use crate::Digest;

/// The longest that a session lasts: a working day. It ends sooner with its token.
pub const SESSION_LASTS: Duration = Duration::from_hours(12);
/// So many of one token are kept, the latest: a program that logs in for every request must not fill the store.
pub const SESSIONS_OF_A_TOKEN: u32 = 100;

/// What is kept of a browser that has shown a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The part of its text that is no secret.
    pub id: String,
    /// The id of the token that it came from.
    pub token: String,
    /// The SHA-256 of its text.
    pub digest: Digest,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}
