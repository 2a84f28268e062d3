use std::path::PathBuf;

use durable_log::LogError;
use log_writer::Failure;

/// Why a log could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder of the file is not there and cannot be made.
    #[error("cannot make the folder of {path}")]
    Folder {
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store refused.
    #[error("cannot open the log at {path} while {doing}")]
    Store {
        /// The database file.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The store's own words.
        #[source]
        source: sqlx::Error,
    },
    /// The tables could not be made or brought up to date.
    #[error("cannot bring the tables of {path} up to date")]
    Migration {
        /// The database file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// The tables are those of an older version, or there are none.
    #[error("the tables of {path} are not up to date: run `iskra migrate`, or let services do it (storage.migrate)")]
    NotMigrated {
        /// The database file.
        path: PathBuf,
    },
    /// The file system or the build does not give what durability needs.
    #[error("the log at {path} would not be durable: {pragma} is {found}, it must be {wanted}")]
    NotDurable {
        /// The database file.
        path: PathBuf,
        /// Which setting.
        pragma: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The file is a log of another format or none.
    #[error("{path} is not a log of this version: {what}")]
    Unfit {
        /// The database file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

/// The commit failed. A full disk or a busy file leaves nothing behind; after any other failure the end of the
/// write-ahead log may or may not be on disk.
pub(crate) fn at_commit(error: sqlx::Error) -> Failure {
    let is_unknown = !matches!(primary_code(&error), Some(SQLITE_BUSY | SQLITE_FULL));
    Failure::at_commit(error, is_unknown)
}

const SQLITE_BUSY: i32 = 5;
const SQLITE_FULL: i32 = 13;
const SQLITE_TOOBIG: i32 = 18;
const SQLITE_CONSTRAINT: i32 = 19;
const SQLITE_MISMATCH: i32 = 20;

/// Whether SQLite refused what it was told to write, rather than to write at all.
pub(crate) fn is_of_a_request(failure: &Failure) -> bool {
    let code = failure.cause().and_then(primary_code);
    matches!(code, Some(SQLITE_TOOBIG | SQLITE_CONSTRAINT | SQLITE_MISMATCH))
}

/// Whether another connection stands in the way.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    primary_code(error) == Some(SQLITE_BUSY)
}

/// SQLite's result code without the extension in its upper bytes.
fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// A failure of a read.
pub(crate) fn reading(doing: &'static str) -> impl FnOnce(sqlx::Error) -> LogError {
    move |error| match error {
        sqlx::Error::PoolClosed => LogError::Closed,
        error => LogError::Store { doing, source: Box::new(error) },
    }
}
