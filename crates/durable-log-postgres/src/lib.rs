#![doc = include_str!("../README.md")]

mod access;
mod chunks;
mod connect;
mod database_clock;
mod error;
mod log;
mod migrate;
mod moment;
mod new_epoch;
mod open;
mod options;
mod prune;
mod read;
mod readers;
mod roll_up;
mod share;
mod span;
mod store;

pub use access::PostgresAccess;
pub use error::OpenError;
pub use log::PostgresLog;
pub use migrate::{Migrated, migrate, pending};
pub use new_epoch::new_epoch;
pub use options::PostgresOptions;
