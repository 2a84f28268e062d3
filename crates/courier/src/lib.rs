#![doc = include_str!("../README.md")]

mod bag;
mod courier;
mod door;
mod errand;
mod fault;
mod message;
mod metrics;
mod secrets;
#[cfg(test)]
mod tests;

pub use bag::Bag;
pub use courier::{Courier, CourierError, Patience};
pub use secrets::{KeyError, Unusable, check};
