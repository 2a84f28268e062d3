#![doc = include_str!("../README.md")]

mod janitor;
mod log_metrics;
mod metrics;
mod present;
mod routes;
mod service;
mod session;
mod standing;
mod supervisor;
mod worker;

pub use service::run;
