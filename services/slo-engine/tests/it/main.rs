//! The engine as a service: replicas over one log, and logs that fail.

mod outages;
mod replica;
mod replicas;
