use access::{
    AccessStore, Act, ActFilter, Credentials, Digest, Outcome, SESSIONS_OF_A_TOKEN, Session, StoreError, Token,
};
use async_trait::async_trait;
use domain::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{Connection, PgConnection, Row};

use crate::OpenError;
use crate::connect::Server;
use crate::moment::Moment;
use crate::readers::Readers;

/// One reads the tokens while the other writes an act.
const CONNECTIONS: u32 = 2;

/// Tokens, sessions and the audit, in the database of the log. Its tables are there once it was migrated.
pub struct PostgresAccess(Readers);

impl PostgresAccess {
    /// Connects when it is first asked.
    pub fn new(url: &str) -> Result<Self, OpenError> {
        let server = Server::new(url)?;
        Ok(Self(Readers::with(server.accessing(), CONNECTIONS)))
    }

    async fn run<T>(
        &self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut PgConnection) -> sqlx::Result<T>,
    ) -> Result<T, StoreError> {
        self.0.read(doing, work).await.map_err(|error| StoreError { doing, source: error.into() })
    }
}

#[async_trait]
impl AccessStore for PostgresAccess {
    async fn credentials(&self, now: Timestamp) -> Result<Credentials, StoreError> {
        let read = async |connection: &mut PgConnection| {
            // One statement each, one snapshot for both: else a session might be seen without its token.
            let mut transaction = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
            let tokens =
                sqlx::query("SELECT * FROM tokens ORDER BY created_at, id").fetch_all(&mut *transaction).await?;
            let sessions = sqlx::query("SELECT * FROM sessions WHERE expires_at > $1 ORDER BY created_at, id")
                .bind(Moment(now))
                .fetch_all(&mut *transaction)
                .await?;
            transaction.commit().await?;
            let tokens = tokens.iter().map(token).collect::<sqlx::Result<_>>()?;
            Ok(Credentials { tokens, sessions: sessions.iter().map(session).collect::<sqlx::Result<_>>()? })
        };
        self.run("reading tokens", read).await
    }

    async fn create(&self, token: Token) -> Result<(), StoreError> {
        let insert = "INSERT INTO tokens (id, name, scopes, digest, created_at, created_by, expires_at, revoked_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let insert = sqlx::query(insert).bind(&token.id).bind(&token.name).bind(token.scopes.to_string());
        let insert = insert.bind(token.digest.as_bytes()).bind(Moment(token.created_at)).bind(&token.created_by);
        let insert = insert.bind(token.expires_at.map(Moment)).bind(token.revoked_at.map(Moment));
        let write = async |connection: &mut PgConnection| insert.execute(connection).await.map(drop);
        self.run("keeping a token", write).await
    }

    async fn revoke(&self, token: &str, at: Timestamp) -> Result<bool, StoreError> {
        let write = async |connection: &mut PgConnection| {
            let mut transaction = connection.begin().await?;
            let revoked = sqlx::query("UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
                .bind(Moment(at))
                .bind(token)
                .execute(&mut *transaction)
                .await?;
            sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(revoked.rows_affected() == 1)
        };
        self.run("revoking a token", write).await
    }

    async fn begin_session(&self, session: Session) -> Result<bool, StoreError> {
        let write = async |connection: &mut PgConnection| {
            let mut transaction = connection.begin().await?;
            // With the token's row locked: a session must not begin beside its revocation.
            let insert = "INSERT INTO sessions (id, token, digest, created_at, expires_at)
                SELECT $1, id, $2, $3, $4 FROM tokens WHERE id = $5 AND revoked_at IS NULL FOR UPDATE";
            let insert = sqlx::query(insert).bind(&session.id).bind(session.digest.as_bytes());
            let insert = insert.bind(Moment(session.created_at)).bind(Moment(session.expires_at));
            let kept = insert.bind(&session.token).execute(&mut *transaction).await?;
            sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
                .bind(Moment(session.created_at))
                .execute(&mut *transaction)
                .await?;
            let older = "DELETE FROM sessions WHERE id IN (
                SELECT id FROM sessions WHERE token = $1 ORDER BY created_at DESC, id DESC OFFSET $2)";
            sqlx::query(older)
                .bind(&session.token)
                .bind(i64::from(SESSIONS_OF_A_TOKEN))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(kept.rows_affected() == 1)
        };
        self.run("keeping a session", write).await
    }

    async fn end_session(&self, session: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("DELETE FROM sessions WHERE id = $1").bind(session);
        let write = async |connection: &mut PgConnection| delete.execute(connection).await.map(drop);
        self.run("ending a session", write).await
    }

    async fn record(&self, acts: Vec<Act>) -> Result<(), StoreError> {
        let write = async |connection: &mut PgConnection| {
            let mut transaction = connection.begin().await?;
            for act in &acts {
                let insert = "INSERT INTO audit (at, token, who, address, what, about, outcome, status)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                let insert = sqlx::query(insert).bind(Moment(act.at)).bind(&act.token).bind(&act.who).bind(&act.from);
                let insert = insert.bind(&act.what).bind(&act.of).bind(act.outcome.name());
                insert.bind(act.status.map(i32::from)).execute(&mut *transaction).await?;
            }
            transaction.commit().await
        };
        self.run("writing the audit", write).await
    }

    async fn acts(&self, filter: ActFilter) -> Result<Vec<Act>, StoreError> {
        let before = filter.before.map_or(i64::MAX, |number| i64::try_from(number).unwrap_or(i64::MAX));
        let select = sqlx::query("SELECT * FROM audit WHERE number < $1 ORDER BY number DESC LIMIT $2");
        let select = select.bind(before).bind(i64::from(filter.limit));
        let read = async |connection: &mut PgConnection| {
            select.fetch_all(connection).await?.iter().map(act).collect::<sqlx::Result<_>>()
        };
        self.run("reading the audit", read).await
    }

    async fn forget_acts(&self, before: Timestamp) -> Result<u64, StoreError> {
        let delete = sqlx::query("DELETE FROM audit WHERE at < $1").bind(Moment(before));
        let write =
            async |connection: &mut PgConnection| delete.execute(connection).await.map(|done| done.rows_affected());
        self.run("forgetting old acts", write).await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}

fn token(row: &PgRow) -> sqlx::Result<Token> {
    Ok(Token {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        scopes: row.try_get::<&str, _>("scopes")?.parse().map_err(unreadable)?,
        digest: digest(row)?,
        created_at: row.try_get::<Moment, _>("created_at")?.0,
        created_by: row.try_get("created_by")?,
        expires_at: row.try_get::<Option<Moment>, _>("expires_at")?.map(|moment| moment.0),
        revoked_at: row.try_get::<Option<Moment>, _>("revoked_at")?.map(|moment| moment.0),
    })
}

fn session(row: &PgRow) -> sqlx::Result<Session> {
    Ok(Session {
        id: row.try_get("id")?,
        token: row.try_get("token")?,
        digest: digest(row)?,
        created_at: row.try_get::<Moment, _>("created_at")?.0,
        expires_at: row.try_get::<Moment, _>("expires_at")?.0,
    })
}

fn act(row: &PgRow) -> sqlx::Result<Act> {
    let status: Option<i32> = row.try_get("status")?;
    let outcome: &str = row.try_get("outcome")?;
    Ok(Act {
        number: row.try_get::<i64, _>("number")?.cast_unsigned(),
        at: row.try_get::<Moment, _>("at")?.0,
        token: row.try_get("token")?,
        who: row.try_get("who")?,
        from: row.try_get("address")?,
        what: row.try_get("what")?,
        of: row.try_get("about")?,
        outcome: Outcome::of(outcome).ok_or_else(|| unreadable("an outcome that is not known"))?,
        status: status.and_then(|status| u16::try_from(status).ok()),
    })
}

fn digest(row: &PgRow) -> sqlx::Result<Digest> {
    Digest::from_bytes(row.try_get("digest")?).ok_or_else(|| unreadable("a digest that is not one"))
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
