#![doc = include_str!("../README.md")]

mod backlog;
mod bites;
mod bridge;
mod channel;
mod follow;
mod hub;
mod interest;
mod merge;
mod metrics;
mod pictures;
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
pub use viewer::{Delivery, Viewer};

#[cfg(test)]
mod tests;
