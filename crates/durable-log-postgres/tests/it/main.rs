//! The log on PostgreSQL: the contract of every backend, and what only PostgreSQL has.

mod chunks;
mod fixture;
mod servers;
mod sharing;
mod summaries;

durable_log::log_contract!(fixture::PostgresFixture::new());

/// Only where a server of this machine has it.
#[cfg(has_timescale)]
mod timescale {
    durable_log::log_contract!(crate::fixture::PostgresFixture::with_timescale());
}
