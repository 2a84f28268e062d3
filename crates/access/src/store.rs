use async_trait::async_trait;
use domain::Timestamp;

use crate::{Act, ActFilter, Session, Token};

/// What a table in memory is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// All of them, those that are over too: whoever shows one is told so. By when they were made.
    pub tokens: Vec<Token>,
    /// Those that are not over.
    pub sessions: Vec<Session>,
}

/// Why a store did not do it.
#[derive(Debug, thiserror::Error)]
#[error("the store failed while {doing}")]
pub struct StoreError {
    /// What was being done.
    pub doing: &'static str,
    /// The store's own words.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Keeps tokens, sessions and the audit. Every method is one transaction.
#[async_trait]
pub trait AccessStore: Send + Sync + 'static {
    /// Everything that is needed to let somebody in, as of `now`.
    async fn credentials(&self, now: Timestamp) -> Result<Credentials, StoreError>;

    /// Keeps a new token.
    async fn create(&self, token: Token) -> Result<(), StoreError>;

    /// Revokes a token and ends its sessions. Answers whether it was there and not revoked before.
    async fn revoke(&self, token: &str, at: Timestamp) -> Result<bool, StoreError>;

    /// Keeps a new session, and forgets those that are over and all but the latest
    /// [`SESSIONS_OF_A_TOKEN`](crate::SESSIONS_OF_A_TOKEN). Answers false, and keeps nothing, if its token is not there or
    /// was revoked meanwhile.
    async fn begin_session(&self, session: Session) -> Result<bool, StoreError>;

    /// Forgets a session.
    async fn end_session(&self, session: &str) -> Result<(), StoreError>;

    /// Writes acts down, in this order. Their numbers are the store's to give.
    async fn record(&self, acts: Vec<Act>) -> Result<(), StoreError>;

    /// What was done, the latest first.
    async fn acts(&self, filter: ActFilter) -> Result<Vec<Act>, StoreError>;

    /// Forgets acts before this moment, which is the only way in which one goes. Answers how many went.
    async fn forget_acts(&self, before: Timestamp) -> Result<u64, StoreError>;

    /// Closes the store.
    async fn close(&self);
}
