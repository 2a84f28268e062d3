//! The suite as it is run in production: PostgreSQL, Redis and Alertmanager, each service a process of its own and some
//! of them twice. Parts of it are killed, stopped and cut off while samples stream in; afterwards an audit reads the log.

mod alertmanager;
mod audit;
mod careless;
mod clients;
mod controls;
mod deaths;
mod hangs;
mod ledger;
mod overload;
mod pages;
mod rolling;
mod servers;
pub(crate) mod service;
mod stack;
mod takeover;
mod visitors;
mod watcher;
mod wire;

pub(crate) use audit::Audit;
pub(crate) use careless::eager_door;
pub(crate) use controls::goes_red;
pub(crate) use ledger::Book;
