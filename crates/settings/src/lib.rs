#![doc = include_str!("../README.md")]

mod address;
mod check;
mod describe;
mod error;
mod layers;
mod load;
mod secrets;
mod sections;
#[cfg(test)]
mod tests;

pub use address::Address;
pub use error::{Error, Problem};
pub use layers::Layer;
pub use load::environment;
pub use secrets::{SecretError, Secrets};
pub use sections::{Access, Alertmanager, Bus, HostProbe, Ingest, Log, Ports, Settings, Shutdown, Sockets, Storage};
