#![doc = include_str!("../README.md")]

mod layers;
mod lingering;
mod operations;
mod problem;
mod request_metrics;
mod serve;
mod service;
mod sockets;
#[cfg(test)]
mod tests;
mod unread;

pub use operations::Operations;
pub use problem::Problem;
pub use serve::{Leave, serve};
pub use service::{Limits, Service};
pub use sockets::{SocketGuard, Sockets};
