//! Experiments in real time: begun and stopped over HTTP, each run by a task of its own over the log.

mod lab;
mod log_end;
mod routes;
mod runner;

pub(crate) use lab::Lab;
pub(crate) use routes::router;
