#![doc = include_str!("../README.md")]

mod body;
mod experiments;
mod host;
mod ingest;
mod items;
mod metrics;
mod routes;
mod service;
mod socket_door;

pub use service::run;
