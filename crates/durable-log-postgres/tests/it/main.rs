//! The log on PostgreSQL: the contract of every backend, and what only PostgreSQL has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

#[macro_use]
mod fixture;

mod access;
mod chunks;
mod late;
mod new_epoch;
mod refusals;
mod servers;
mod sharing;
mod silence;
mod summaries;

durable_log::log_contract!(fixture::PostgresFixture::new());

/// Only where a server of this machine has it.
#[cfg(has_timescale)]
mod timescale {
    durable_log::log_contract!(crate::fixture::PostgresFixture::with_timescale());
}
