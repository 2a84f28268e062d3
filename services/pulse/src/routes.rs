//! What Pulse answers besides what all dashboards do.

pub(crate) mod acknowledge;
pub(crate) mod backtest;
pub(crate) mod samples;
