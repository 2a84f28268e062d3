#![doc = include_str!("../README.md")]

mod logs;
mod metrics;

pub use logs::{LogFormat, check_filter, init_logs};
pub use metrics::{TEXT_FORMAT, VERSION, encode, latency_buckets, latency_histogram, registry};
