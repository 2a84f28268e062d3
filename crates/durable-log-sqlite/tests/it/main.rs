//! The log on SQLite: the contract of every backend, and what only SQLite has.

mod access;
mod bad_files;
mod fixture;
mod grouping;
mod migrating;
mod sharing;

durable_log::log_contract!(fixture::SqliteFixture::new());
