#![doc = include_str!("../README.md")]

mod beyond;
mod check;
mod compile;
mod file;
mod live;
mod load;
mod rules;
#[cfg(test)]
mod tests;

pub use live::LiveRules;
pub use rules::{Band, Edge, Rules, Staleness};
pub use yaml_file::Error;
