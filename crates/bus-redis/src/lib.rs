#![doc = include_str!("../README.md")]

mod address;
mod bus;
mod connect;
mod entries;
mod error;
mod heads;
mod health;
mod inbox;
mod link;
mod message;
mod metrics;
mod queue;

pub use address::{AddressError, RedisAddress};
pub use bus::{RedisBus, RedisOptions};
pub use health::BusHealth;
