use std::borrow::Cow;

use durable_log::LogError;
use log_writer::Failure;
use sqlx::error::DatabaseError;
use sqlx::postgres::{PgDatabaseError, PgSeverity};

/// Why a log could not be opened. None of these shows the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address cannot be read.
    #[error("the address of the database cannot be used: expected postgres://user:password@host:5432/database")]
    Address,
    /// The database does not answer, or refused.
    #[error("the database {server} failed while {doing}")]
    Store {
        /// Host, port and name.
        server: String,
        /// What was being done.
        doing: &'static str,
        /// The store's own words.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be made or brought up to date.
    #[error("cannot bring the tables of {server} up to date")]
    Migration {
        /// Host, port and name.
        server: String,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// The tables are those of an older version.
    #[error("the tables of {server} are not up to date: run `iskra migrate`, or let services do it (storage.migrate)")]
    NotMigrated {
        /// Host, port and name.
        server: String,
    },
    /// The server is not set up to keep what it is given.
    #[error("the log in {server} would not be durable: {setting} is {found}, it must be {wanted}")]
    NotDurable {
        /// Host, port and name.
        server: String,
        /// Which setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The database holds a log of another format, or cannot hold one.
    #[error("{server} cannot be used: {what}")]
    Unfit {
        /// Host, port and name.
        server: String,
        /// What is wrong with it.
        what: String,
    },
}

impl OpenError {
    /// Whether the same may work later without anybody doing something: the database is not there yet, or not ready.
    pub fn is_passing(&self) -> bool {
        let Self::Store { source, .. } = self else { return false };
        let refusal = source.as_database_error().and_then(|error| error.code());
        refusal.is_none_or(|code| [STARTING, FULL].contains(&&*code))
    }
}

/// The server starts or stops.
const STARTING: &str = "57P03";
/// All of its connections are taken.
const FULL: &str = "53300";

/// The commit failed. When the server refuses it, nothing is written; when the connection broke, nobody knows.
pub(crate) fn at_commit(error: sqlx::Error) -> Failure {
    let refusal = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let is_unknown = refusal.is_none_or(|refusal| !is_undone(refusal.severity(), refusal.code()));
    Failure::at_commit(error, is_unknown)
}

/// Whether a commit that failed so is undone. It may be written when an operator ended the session while it waited for a
/// replica, and when the session or the server broke down over it: the write-ahead log is read again at the next start.
fn is_undone(severity: PgSeverity, code: &str) -> bool {
    severity == PgSeverity::Error && !code.starts_with(OPERATOR)
}

/// The class of interventions by an operator.
const OPERATOR: &str = "57";

/// Whether a row fell into no chunk, as the server saw them.
pub(crate) fn lacks_chunk(failure: &Failure) -> bool {
    refusal(failure).is_some_and(|code| code == NO_CHUNK)
}

/// A row breaks a constraint; of a partitioned table, that it belongs into one of its partitions.
const NO_CHUNK: &str = "23514";

/// Whether the server refused what it was told to write, rather than to write at all.
pub(crate) fn is_of_a_request(failure: &Failure) -> bool {
    let cannot_be_said = matches!(failure.cause(), Some(sqlx::Error::Encode(_)));
    cannot_be_said || refusal(failure).is_some_and(|code| !UNABLE.contains(&&code[..2]))
}

/// Classes of refusals that say nothing of the request: the transaction cannot write (it is a replica now), resources
/// are lacking, somebody holds a lock, an operator intervened, the system failed.
const UNABLE: [&str; 5] = ["25", "53", "55", OPERATOR, "58"];

fn refusal(failure: &Failure) -> Option<Cow<'_, str>> {
    failure.cause().and_then(sqlx::Error::as_database_error).and_then(DatabaseError::code)
}

/// A failure of a read.
pub(crate) fn reading(doing: &'static str) -> impl FnOnce(sqlx::Error) -> LogError {
    move |error| match error {
        sqlx::Error::PoolClosed => LogError::Closed,
        error => LogError::Store { doing, source: Box::new(error) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_that_broke_is_unknown() {
        let broke = at_commit(sqlx::Error::WorkerCrashed);
        assert!(matches!(LogError::from(broke), LogError::OutcomeUnknown(_)));
    }

    #[test]
    fn only_a_commit_that_the_server_refused_and_survived_is_undone() {
        assert!(is_undone(PgSeverity::Error, "40001"), "it stood in the way of another");
        assert!(is_undone(PgSeverity::Error, "23514"), "a constraint is broken");
        assert!(!is_undone(PgSeverity::Error, "57014"), "cancelled");
        assert!(!is_undone(PgSeverity::Fatal, "57P01"), "the session was ended");
        assert!(!is_undone(PgSeverity::Fatal, "58030"), "the session could not read or write");
        assert!(!is_undone(PgSeverity::Panic, "53100"), "the disk of the write-ahead log is full");
    }
}
