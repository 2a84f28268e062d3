#![doc = include_str!("../README.md")]

mod check;
mod condition;
mod duration;
mod evaluate;
mod facts;
mod lexer;
mod mistake;
mod node;
mod parser;
mod plain;
mod reach;
mod similar;
mod strength;
#[cfg(test)]
mod tests;
mod token;
mod vocabulary;
mod write;

pub use condition::{Condition, MAXIMUM_CHARACTERS, MAXIMUM_DEPTH, MAXIMUM_PARTS};
pub use evaluate::Truth;
pub use facts::Fact;
pub use mistake::Mistake;
pub use reach::Reach;
pub use vocabulary::{Function, Kind, MAXIMUM_WINDOWS, Range, Slot, Vocabulary, Window, is_name};
