#![doc = include_str!("../README.md")]

mod access;
mod bulk;
mod error;
mod log;
mod migrate;
mod new_epoch;
mod open;
mod options;
mod read;
mod roll_up;
mod writer;

pub use access::SqliteAccess;
pub use error::OpenError;
pub use log::SqliteLog;
pub use migrate::{migrate, pending};
pub use new_epoch::new_epoch;
pub use options::SqliteOptions;
