use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Connection, PgConnection};
use tokio::time::{Instant, sleep};

use crate::OpenError;
use crate::connect::{KEEPING, Server, take_lock};

/// Held by whoever migrates: a number that nobody else takes.
const LOCK: i64 = 0x6973_6b72_616d_6967;
/// A statement that changes a table waits for those who use it, a backup for instance, and everybody who comes later waits
/// behind it. So it waits two seconds, as long as a keeper may, and tries again after a pause in which others go on.
const TRIES: u32 = 60;
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// The migrations of this version. A later version may have applied more: those are safe while this one runs.
fn migrations() -> Migrator {
    let mut migrations = sqlx::migrate!("../../migrations/postgres");
    // Ours is taken without waiting within the database, where the limit on waiting is that of a table.
    migrations.set_ignore_missing(true).set_locking(false);
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
    let deadline = Instant::now() + KEEPING;
    while !take_lock(connection, LOCK).await.map_err(server.failed("waiting for whoever migrates"))? {
        if Instant::now() >= deadline {
            return Err(server.failed("waiting for whoever migrates")(sqlx::Error::Io(ErrorKind::TimedOut.into())));
        }
        sleep(PAUSE).await;
    }
    let pending = list_pending(connection).await.map_err(server.failed("looking for its tables"))?;
    for tries_left in (0..TRIES).rev() {
        match migrations().run_direct(None, connection, false).await {
            Ok(()) => break,
            Err(error) if tries_left > 0 && is_locked_out(&error) => {
                tracing::warn!("a table is in use, the migration is tried again shortly: {error}");
                sleep(PAUSE).await;
            }
            Err(source) => return Err(OpenError::Migration { server: server.name.clone(), source }),
        }
    }
    Ok(pending)
}

/// Whether a statement gave up because somebody holds its table.
fn is_locked_out(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else { return false };
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == LOCK_NOT_AVAILABLE)
}

const LOCK_NOT_AVAILABLE: &str = "55P03";

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
