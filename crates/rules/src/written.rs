//! The rules as they are written, one module for each file; `compile` makes them into [`Rules`](crate::Rules).

pub(crate) mod actions;
pub(crate) mod bands;
pub(crate) mod escalation;
pub(crate) mod objectives;
mod parts;
pub(crate) mod signals;
pub(crate) mod states;
pub(crate) mod voices;
mod words;

pub use parts::TextFile;
pub(crate) use parts::{EachPriority, EachVital};
pub use words::parse_moment;
pub(crate) use words::{Beyond, Formula, Moment, Waveform, Word};
