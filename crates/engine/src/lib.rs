#![doc = include_str!("../README.md")]

mod engine;
mod subject;
mod vital;
mod watch;
mod wording;

pub use engine::{Engine, Input, RestoreError, Unjudged};
