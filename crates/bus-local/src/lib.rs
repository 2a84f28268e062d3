#![doc = include_str!("../README.md")]

mod local;
mod silent;

pub use local::LocalBus;
pub use silent::SilentBus;
