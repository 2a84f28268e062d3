//! The log on PostgreSQL: the contract of every backend, and what only PostgreSQL has.

mod chunks;
mod fixture;
mod servers;
mod sharing;
mod summaries;

durable_log::log_contract!(fixture::PostgresFixture::new());
