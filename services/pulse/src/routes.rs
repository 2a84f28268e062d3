//! What Pulse answers besides what all dashboards do.

pub(crate) mod acknowledge;
pub(crate) mod artifacts;
pub(crate) mod backtest;
pub(crate) mod otlp;
pub(crate) mod person;
pub(crate) mod readings;
pub(crate) mod remote_write;
pub(crate) mod samples;
pub(crate) mod silences;
