#![doc = include_str!("../README.md")]

mod bites;
mod bridge;
mod channel;
mod follow;
mod hub;
mod interest;
mod merge;
mod metrics;
mod place;
mod rooms;
mod step;
mod update;
mod view;
mod viewer;
pub mod wire;

pub use channel::{Channel, Channels};
pub use hub::{Hub, HubError};
pub use interest::Interest;
pub use place::Delivery;
pub use viewer::Viewer;

#[cfg(test)]
mod tests;
