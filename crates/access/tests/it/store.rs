use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::SystemTime;

use access::{AccessStore, Act, ActFilter, Credentials, Scopes, Secret, Session, StoreError, Token};
use async_trait::async_trait;
use domain::Timestamp;
use durable_log_sqlite::{SqliteAccess, migrate};
use tempfile::TempDir;

const FILE: &str = "iskra.db";

/// A store in a file of its own, that counts how often it is asked and can be away.
pub(crate) struct Store {
    inner: SqliteAccess,
    pub(crate) is_away: AtomicBool,
    pub(crate) reads: AtomicUsize,
    folder: TempDir,
}

impl Store {
    pub(crate) async fn new() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        migrate(&path).await.unwrap();
        let (is_away, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
        Arc::new(Self { inner: SqliteAccess::new(&path), is_away, reads, folder })
    }

    /// Makes a token, as the command line does.
    pub(crate) async fn token(&self, name: &str, scopes: &str, expires_at: Option<Timestamp>) -> Secret {
        let secret = Secret::of_token();
        let token = Token {
            id: secret.id.clone(),
            name: name.into(),
            scopes: scopes.parse::<Scopes>().unwrap(),
            digest: secret.digest,
            created_at: now(),
            created_by: "root".into(),
            expires_at,
            revoked_at: None,
        };
        self.inner.create(token).await.unwrap();
        secret
    }

    /// The same file, opened anew.
    pub(crate) fn anew(&self) -> SqliteAccess {
        SqliteAccess::new(&self.folder.path().join(FILE))
    }

    fn answer(&self) -> Result<&SqliteAccess, StoreError> {
        match self.is_away.load(Ordering::SeqCst) {
            false => Ok(&self.inner),
            true => Err(StoreError { doing: "being away", source: "as the test wants it".into() }),
        }
    }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::default().plus(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap())
}

#[async_trait]
impl AccessStore for Store {
    async fn credentials(&self, now: Timestamp) -> Result<Credentials, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.answer()?.credentials(now).await
    }

    async fn create(&self, token: Token) -> Result<(), StoreError> {
        self.answer()?.create(token).await
    }

    async fn revoke(&self, token: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.answer()?.revoke(token, at).await
    }

    async fn begin_session(&self, session: Session) -> Result<bool, StoreError> {
        self.answer()?.begin_session(session).await
    }

    async fn end_session(&self, session: &str) -> Result<(), StoreError> {
        self.answer()?.end_session(session).await
    }

    async fn record(&self, acts: Vec<Act>) -> Result<(), StoreError> {
        self.answer()?.record(acts).await
    }

    async fn acts(&self, filter: ActFilter) -> Result<Vec<Act>, StoreError> {
        self.answer()?.acts(filter).await
    }

    async fn forget_acts(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.answer()?.forget_acts(before).await
    }

    async fn close(&self) {
        self.inner.close().await;
    }
}
