#![doc = include_str!("../README.md")]

mod dashboard;
mod pages;
mod routes;
mod socket;

pub use dashboard::Dashboard;
pub use socket::{SampleDoor, SocketBounds};

#[cfg(test)]
mod tests;
