//! The log on PostgreSQL: the contract of every backend, and what only PostgreSQL has.

mod fixture;

durable_log::log_contract!(fixture::PostgresFixture::new());
