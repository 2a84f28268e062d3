//! What Pulse answers besides what all dashboards do.

pub(crate) mod acknowledge;
pub(crate) mod artifacts;
pub(crate) mod backtest;
pub(crate) mod person;
pub(crate) mod samples;
pub(crate) mod silences;
