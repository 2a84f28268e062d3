#![doc = include_str!("../README.md")]

mod bus;
mod deps;
mod lock;
mod patience;
mod process;
mod reload;
mod rules_metrics;
mod store;

pub use bus::check;
pub use deps::{Deps, bind};
pub use lock::access_store;
pub use process::{leave, main, shutdown_signal, start_process};
pub use reload::{Reload, operations};
pub use store::{Migrations, migrate, new_epoch, open_to_read, pending};
