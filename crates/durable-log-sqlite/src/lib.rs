#![doc = include_str!("../README.md")]

mod bulk;
mod error;
mod log;
mod open;
mod options;
mod read;
mod writer;

pub use error::OpenError;
pub use log::SqliteLog;
pub use options::SqliteOptions;
