use std::fmt;

use sqlx::migrate::Migrator;
use sqlx::{Connection, PgConnection};

use crate::OpenError;
use crate::connect::Server;

/// The migrations of this version. A later version may have applied more: those are safe while this one runs.
fn migrations() -> Migrator {
    let mut migrations = sqlx::migrate!("../../migrations/postgres");
    migrations.set_ignore_missing(true);
    migrations
}

/// What a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The database, without user and password.
    pub server: String,
    /// What was applied now: number and description, in order.
    pub applied: Vec<(i64, String)>,
}

impl fmt::Display for Migrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.applied.is_empty() {
            return write!(f, "the tables of {} are up to date", self.server);
        }
        write!(f, "the tables of {} were brought up to date:", self.server)?;
        self.applied.iter().try_for_each(|(number, what)| write!(f, "\n  {number:04} {what}"))
    }
}

/// Brings the tables of the database at `url` up to date. Several processes may do so at the same time: they wait for
/// each other.
pub async fn migrate(url: &str) -> Result<Migrated, OpenError> {
    let server = Server::new(url)?;
    // A connection of its own: after a failed migration it holds a lock that only its end gives back.
    let mut connection = server.keeper().await.map_err(server.failed("connecting"))?;
    let applied = run(&server, &mut connection).await;
    drop(connection.close().await);
    Ok(Migrated { server: server.name, applied: applied? })
}

async fn run(server: &Server, connection: &mut PgConnection) -> Result<Vec<(i64, String)>, OpenError> {
    // As long as another process may take to make an index.
    sqlx::query("SET lock_timeout = '10min'").execute(&mut *connection).await.map_err(server.failed("connecting"))?;
    let pending = list_pending(connection).await.map_err(server.failed("looking for its tables"))?;
    let failed = |source| OpenError::Migration { server: server.name.clone(), source };
    migrations().run_direct(None, connection, false).await.map_err(failed)?;
    Ok(pending)
}

/// The migrations of this version that were not applied to the database at `url`.
pub async fn pending(url: &str) -> Result<Vec<(i64, String)>, OpenError> {
    let server = Server::new(url)?;
    let mut connection = server.keeper().await.map_err(server.failed("connecting"))?;
    let pending = list_pending(&mut connection).await.map_err(server.failed("looking for its tables"));
    drop(connection.close().await);
    pending
}

pub(crate) async fn list_pending(connection: &mut PgConnection) -> sqlx::Result<Vec<(i64, String)>> {
    let is_there: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *connection).await?;
    let applied: Vec<i64> = match is_there {
        true => sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success").fetch_all(connection).await?,
        false => Vec::new(),
    };
    let migrations = migrations();
    let missing = migrations.iter().filter(|migration| !applied.contains(&migration.version));
    Ok(missing.map(|migration| (migration.version, migration.description.to_string())).collect())
}
