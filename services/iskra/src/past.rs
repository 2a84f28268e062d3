//! Reads what the log holds of a time that is over.

mod entries;
mod subjects;

pub(crate) use entries::{Entries, last_recorded_before};
pub(crate) use subjects::subjects;
