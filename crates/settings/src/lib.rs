#![doc = include_str!("../README.md")]

mod check;
mod describe;
mod error;
mod layers;
mod load;
mod sections;
#[cfg(test)]
mod tests;

pub use error::{Error, Problem};
pub use layers::Layer;
pub use load::environment;
pub use sections::{Alertmanager, HostProbe, Ingest, Log, Ports, Settings, Shutdown, Sockets, Storage};
