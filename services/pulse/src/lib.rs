#![doc = include_str!("../README.md")]

mod body;
mod experiments;
mod host;
mod ingest;
mod items;
mod metrics;
mod promql;
mod routes;
mod service;
mod socket_door;

pub use promql::check;
pub use service::run;
