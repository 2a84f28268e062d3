use std::path::Path;

use access::{
    AccessStore, Act, ActFilter, Credentials, Digest, Outcome, SESSIONS_OF_A_TOKEN, Session, StoreError, Token,
};
use async_trait::async_trait;
use domain::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{Row, Sqlite, SqlitePool, Transaction};

use crate::open::PATIENCE;

/// One reads the tokens while the other writes an act.
const CONNECTIONS: u32 = 2;

/// Tokens, sessions and the audit, in the file of the log. Its tables are there once the log was opened or migrated.
pub struct SqliteAccess(SqlitePool);

impl SqliteAccess {
    /// Opens the file when it is first asked.
    pub fn new(path: &Path) -> Self {
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        Self(SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE).connect_lazy_with(connect))
    }

    /// A transaction that has the right to write from its beginning, so that it cannot come too late for it.
    async fn begin(&self) -> sqlx::Result<Transaction<'_, Sqlite>> {
        self.0.begin_with("BEGIN IMMEDIATE").await
    }

    async fn try_credentials(&self, now: Timestamp) -> sqlx::Result<Credentials> {
        let mut transaction = self.0.begin().await?;
        let tokens = sqlx::query("SELECT * FROM tokens ORDER BY created_at, id").fetch_all(&mut *transaction).await?;
        let sessions = sqlx::query("SELECT * FROM sessions WHERE expires_at > ? ORDER BY created_at, id")
            .bind(now.as_micros())
            .fetch_all(&mut *transaction)
            .await?;
        let tokens = tokens.iter().map(token).collect::<sqlx::Result<_>>()?;
        Ok(Credentials { tokens, sessions: sessions.iter().map(session).collect::<sqlx::Result<_>>()? })
    }

    async fn try_create(&self, token: &Token) -> sqlx::Result<()> {
        let insert = "INSERT INTO tokens (id, name, scopes, digest, created_at, created_by, expires_at, revoked_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let insert = sqlx::query(insert).bind(&token.id).bind(&token.name).bind(token.scopes.to_string());
        let insert = insert.bind(token.digest.as_bytes()).bind(token.created_at.as_micros()).bind(&token.created_by);
        let insert = insert.bind(token.expires_at.map(Timestamp::as_micros));
        insert.bind(token.revoked_at.map(Timestamp::as_micros)).execute(&self.0).await.map(drop)
    }

    async fn try_revoke(&self, token: &str, at: Timestamp) -> sqlx::Result<bool> {
        let mut transaction = self.begin().await?;
        let revoked = sqlx::query("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
            .bind(at.as_micros())
            .bind(token)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM sessions WHERE token = ?").bind(token).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(revoked.rows_affected() == 1)
    }

    async fn try_begin_session(&self, session: &Session) -> sqlx::Result<bool> {
        let mut transaction = self.begin().await?;
        let insert = "INSERT INTO sessions (id, token, digest, created_at, expires_at)
            SELECT ?, id, ?, ?, ? FROM tokens WHERE id = ? AND revoked_at IS NULL";
        let insert = sqlx::query(insert).bind(&session.id).bind(session.digest.as_bytes());
        let insert = insert.bind(session.created_at.as_micros()).bind(session.expires_at.as_micros());
        let kept = insert.bind(&session.token).execute(&mut *transaction).await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at <= ?")
            .bind(session.created_at.as_micros())
            .execute(&mut *transaction)
            .await?;
        let older = "DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE token = ? ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?)";
        sqlx::query(older).bind(&session.token).bind(SESSIONS_OF_A_TOKEN).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(kept.rows_affected() == 1)
    }

    async fn try_record(&self, acts: &[Act]) -> sqlx::Result<()> {
        let mut transaction = self.begin().await?;
        for act in acts {
            let insert = "INSERT INTO audit (at, token, who, address, what, about, outcome, status)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
            let insert = sqlx::query(insert).bind(act.at.as_micros()).bind(&act.token).bind(&act.who).bind(&act.from);
            let insert = insert.bind(&act.what).bind(&act.of).bind(act.outcome.name()).bind(act.status);
            insert.execute(&mut *transaction).await?;
        }
        transaction.commit().await
    }

    async fn try_acts(&self, filter: ActFilter) -> sqlx::Result<Vec<Act>> {
        let before = filter.before.map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX));
        let select = "SELECT * FROM audit WHERE number < ? ORDER BY number DESC LIMIT ?";
        let rows = sqlx::query(select).bind(before).bind(filter.limit).fetch_all(&self.0).await?;
        rows.iter().map(act).collect()
    }
}

#[async_trait]
impl AccessStore for SqliteAccess {
    async fn credentials(&self, now: Timestamp) -> Result<Credentials, StoreError> {
        self.try_credentials(now).await.map_err(failed("reading tokens"))
    }

    async fn create(&self, token: Token) -> Result<(), StoreError> {
        self.try_create(&token).await.map_err(failed("keeping a token"))
    }

    async fn revoke(&self, token: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.try_revoke(token, at).await.map_err(failed("revoking a token"))
    }

    async fn begin_session(&self, session: Session) -> Result<bool, StoreError> {
        self.try_begin_session(&session).await.map_err(failed("keeping a session"))
    }

    async fn end_session(&self, session: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE id = ?").bind(session);
        delete.execute(&self.0).await.map(drop).map_err(failed("ending a session"))
    }

    async fn record(&self, acts: Vec<Act>) -> Result<(), StoreError> {
        self.try_record(&acts).await.map_err(failed("writing the audit"))
    }

    async fn acts(&self, filter: ActFilter) -> Result<Vec<Act>, StoreError> {
        self.try_acts(filter).await.map_err(failed("reading the audit"))
    }

    async fn forget_acts(&self, before: Timestamp) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM audit WHERE at < ?").bind(before.as_micros());
        delete.execute(&self.0).await.map(|done| done.rows_affected()).map_err(failed("forgetting old acts"))
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

fn token(row: &SqliteRow) -> sqlx::Result<Token> {
    Ok(Token {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        scopes: row.try_get::<&str, _>("scopes")?.parse().map_err(unreadable)?,
        digest: digest(row)?,
        created_at: moment(row, "created_at")?,
        created_by: row.try_get("created_by")?,
        expires_at: optional_moment(row, "expires_at")?,
        revoked_at: optional_moment(row, "revoked_at")?,
    })
}

fn session(row: &SqliteRow) -> sqlx::Result<Session> {
    Ok(Session {
        id: row.try_get("id")?,
        token: row.try_get("token")?,
        digest: digest(row)?,
        created_at: moment(row, "created_at")?,
        expires_at: moment(row, "expires_at")?,
    })
}

fn act(row: &SqliteRow) -> sqlx::Result<Act> {
    let outcome: &str = row.try_get("outcome")?;
    Ok(Act {
        number: row.try_get::<i64, _>("number")?.cast_unsigned(),
        at: moment(row, "at")?,
        token: row.try_get("token")?,
        who: row.try_get("who")?,
        from: row.try_get("address")?,
        what: row.try_get("what")?,
        of: row.try_get("about")?,
        outcome: Outcome::of(outcome).ok_or_else(|| unreadable("an outcome that is not known"))?,
        status: row.try_get("status")?,
    })
}

fn digest(row: &SqliteRow) -> sqlx::Result<Digest> {
    Digest::from_bytes(row.try_get("digest")?).ok_or_else(|| unreadable("a digest that is not one"))
}

fn moment(row: &SqliteRow, column: &str) -> sqlx::Result<Timestamp> {
    row.try_get(column).map(Timestamp::from_micros)
}

fn optional_moment(row: &SqliteRow, column: &str) -> sqlx::Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_micros))
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

fn failed(doing: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError { doing, source: source.into() }
}
