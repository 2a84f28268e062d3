#![doc = include_str!("../README.md")]

mod check;
mod commands;
mod file;
mod item;
mod key;
pub mod line;
mod names;
mod read;
mod seen;
mod timeline;

pub use check::{Check, Difference, Expectation};
pub use commands::Acknowledge;
pub use file::{CommandFile, ExpectFile, SampleFile, Sent, Span};
pub use item::{Detail, Item};
pub use key::Key;
pub use names::Names;
pub use read::{Written, in_order, parsed};
pub use seen::Seen;
pub use timeline::{Point, Position, Sends, Timeline, Values};
