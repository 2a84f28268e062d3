//! The engine as a service: replicas over one log, and logs that fail.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

mod metrics;
mod outages;
mod replica;
mod replicas;
