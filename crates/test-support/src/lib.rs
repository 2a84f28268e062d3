#![doc = include_str!("../README.md")]

mod alertmanager;
mod nginx;
mod ports;
mod postgres;
mod prometheus;
mod redis;
mod webhook;

use std::time::Duration;

pub use alertmanager::Alertmanager;
pub use nginx::Nginx;
pub use ports::free_port;
pub use postgres::{Database, Postgres, SHARED_POSTGRES};
pub use prometheus::{Prometheus, Rule};
pub use redis::RedisServer;
pub use webhook::{Notified, WebhookReceiver};

/// How long anything may take in a test: far more than it does, so that only what is broken reaches it.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Pause between two questions whether something is so.
const POLL: Duration = Duration::from_millis(10);

/// Gives the process its TLS provider; may be called by every test.
pub fn use_tls() {
    // Fails when another test of the process did it: that is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
}
