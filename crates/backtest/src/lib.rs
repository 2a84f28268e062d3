#![doc = include_str!("../README.md")]

mod audit;
mod figures;
mod judge;
mod order;
mod tally;

pub use audit::{Audit, Audited, Deviation};
pub use figures::{Area, Difference, Figure, Figures, differences};
pub use judge::{Judge, Period};
pub use order::Order;
pub use tally::Tally;
