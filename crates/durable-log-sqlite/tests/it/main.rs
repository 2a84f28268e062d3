//! The log on SQLite: the contract of every backend, and what only SQLite has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

mod access;
mod bad_files;
mod fixture;
mod grouping;
mod migrating;
mod sharing;
mod summaries;

durable_log::log_contract!(fixture::SqliteFixture::new());
