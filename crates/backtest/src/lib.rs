#![doc = include_str!("../README.md")]

mod audit;
mod comparison;
mod figures;
mod judge;
mod order;
mod samples;
mod tally;

pub use audit::{Audit, Audited, Deviation};
pub use comparison::{Comparison, Error};
pub use figures::{Area, Difference, Figure, Figures, differences};
pub use judge::{Judge, Period};
pub use order::Order;
pub use samples::Samples;
pub use tally::Tally;
