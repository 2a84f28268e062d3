use std::io::ErrorKind;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::time::timeout;

use crate::OpenError;

/// How long it may take to connect, and a read to get a connection.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// How long a connection that waited may take to answer: of several that are dead, more than one must be found out.
pub(crate) const PING: Duration = Duration::from_secs(1);
/// A read that takes longer is given up: the server, which would have given it up before, is not there any more.
pub(crate) const READING: Duration = Duration::from_secs(12);
/// The same for the chores that may take their time.
pub(crate) const KEEPING: Duration = Duration::from_mins(10);

/// How the database is reached.
#[derive(Clone)]
pub(crate) struct Server {
    options: PgConnectOptions,
    /// Host, port and name: for people.
    pub(crate) name: String,
}

impl Server {
    pub(crate) fn new(url: &str) -> Result<Self, OpenError> {
        let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
        // A plan over many chunks takes longer to compile than to run.
        let options = options.application_name("iskra").options([("jit", "off")]);
        let database = options.get_database().unwrap_or(options.get_username());
        let name = format!("{}:{}/{database}", options.get_host(), options.get_port());
        Ok(Self { options, name })
    }

    /// A connection for a writer. The server lets nobody stand in its way for long: a process that is stopped in the
    /// middle of a transaction loses it, and with it the head row that others wait for.
    pub(crate) async fn writer(&self) -> sqlx::Result<PgConnection> {
        let options = self.options.clone().options([
            ("lock_timeout", "5s"),
            ("statement_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "2s"),
            // A few keys are looked up in a large table: the planner must not think of reading all of it.
            ("enable_hashjoin", "off"),
            ("enable_mergejoin", "off"),
        ]);
        in_time(options.connect()).await
    }

    /// A connection for what may take its time.
    pub(crate) async fn keeper(&self) -> sqlx::Result<PgConnection> {
        in_time(self.options.clone().options([("lock_timeout", "2s"), ("client_min_messages", "warning")]).connect())
            .await
    }

    /// For reading. With the parameters known, plans leave out the chunks that cannot hold what is asked.
    pub(crate) fn reading(&self) -> PgConnectOptions {
        self.options.clone().options([
            ("statement_timeout", "10s"),
            ("default_transaction_read_only", "on"),
            ("plan_cache_mode", "force_custom_plan"),
        ])
    }

    /// For tokens, sessions and the audit: a few rows, and nobody waits long for them.
    pub(crate) fn accessing(&self) -> PgConnectOptions {
        self.options.clone().options([
            ("lock_timeout", "2s"),
            ("statement_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "5s"),
        ])
    }

    pub(crate) fn failed(&self, doing: &'static str) -> impl FnOnce(sqlx::Error) -> OpenError {
        let server = self.name.clone();
        move |source| OpenError::Store { server, doing, source }
    }
}

/// Takes a lock that ends with the connection, unless somebody else has it.
pub(crate) async fn take_lock(connection: &mut PgConnection, lock: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(lock).fetch_one(connection).await
}

/// Gives a lock back and closes the connection. The server takes its time with the latter, so the lock goes first: it may
/// be wanted again at once.
pub(crate) async fn give_back(mut connection: PgConnection, lock: i64) -> sqlx::Result<()> {
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(lock).execute(&mut connection).await?;
    connection.close().await
}

pub(crate) async fn in_time<T>(work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    within(PATIENCE, work).await
}

/// Gives `work` up after `limit`. What it used is in an unknown state then.
pub(crate) async fn within<T>(limit: Duration, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
}
