#![doc = include_str!("../README.md")]

mod destination;
mod ended;
mod held;
mod metrics;
mod muting;
mod pager;
mod payload;
mod set;
mod silences;
#[cfg(test)]
mod tests;
mod watchdog;

pub use destination::Destination;
pub use held::Held;
pub use pager::{Pager, PagerError, PagerHandle, PagerSettings};
pub use payload::{Payload, Wording, payload};
pub use watchdog::Watchdog;
