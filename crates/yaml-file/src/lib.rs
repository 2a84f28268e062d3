#![doc = include_str!("../README.md")]

mod duration;
mod entries;
mod finding;
mod located;
mod scalar;
mod shape;
mod similar;
mod source;
#[cfg(test)]
mod tests;
mod variable;

pub use duration::{parse_duration, write_duration};
pub use entries::{Entries, Entry};
pub use finding::{Error, Finding, Findings, Report};
pub use located::{Located, OneOr, Place, present};
pub use scalar::{Complaint, FromScalar, Scalar, Written};
pub use similar::most_similar;
pub use source::{MAXIMUM_BYTES, Source};
pub use variable::is_variable;
