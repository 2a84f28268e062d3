//! The log on SQLite: the contract of every backend, and what only SQLite has.

mod fixture;

durable_log::log_contract!(fixture::SqliteFixture::new());
