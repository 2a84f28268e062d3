//! What Pulse answers besides what all dashboards do.

pub(crate) mod acknowledge;
pub(crate) mod backtest;
mod person;
pub(crate) mod samples;
pub(crate) mod silences;
