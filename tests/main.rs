//! End-to-end tests: the real program, real clients, a real Alertmanager.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]

mod bad_input;
mod cli;
mod doors;
mod kill;
mod operations;
mod overload;
mod paging;
mod sockets;
mod stopping;
mod suite;
mod viewer;
