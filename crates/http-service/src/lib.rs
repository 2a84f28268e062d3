#![doc = include_str!("../README.md")]

mod layers;
mod lingering;
mod lock;
mod operations;
mod problem;
mod request_metrics;
mod serve;
mod service;
mod sockets;
#[cfg(test)]
mod tests;
mod unread;

pub use lock::origin::is_allowed;
pub use lock::{Lock, Made};
pub use operations::Operations;
pub use problem::Problem;
pub use serve::{Leave, serve};
pub use service::{Limits, Service};
pub use sockets::{SocketGuard, Sockets};
