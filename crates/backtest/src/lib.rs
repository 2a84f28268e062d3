#![doc = include_str!("../README.md")]

mod audit;
mod comparison;
mod figures;
mod judge;
mod judges;
mod moment;
mod order;
mod samples;
mod tally;

pub use audit::{Audit, Audited, Deviation};
pub use comparison::{Bounds, Comparison, Error, Past};
pub use figures::{Area, Difference, Figure, Figures, differences};
pub use judge::{Judge, Period};
pub use moment::Moment;
pub use order::Order;
pub use samples::Samples;
pub use tally::Tally;
