#![doc = include_str!("../README.md")]

mod deps;
mod process;
mod reload;

pub use deps::{Deps, bind};
pub use process::{main, shutdown_signal, start_process};
pub use reload::{Reload, operations};
