//! End-to-end tests: the real program, real clients, a real Alertmanager.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers as well")]
#![expect(clippy::print_stdout, reason = "how long it took is told to whoever wants to see it: --no-capture")]

mod access;
mod artifacts;
mod artifacts_in_git;
mod backtest;
mod bad_input;
mod cli;
mod clock_steps;
mod delta_validate;
mod deployment;
mod disk_full;
mod doors;
mod escalation;
mod experiments;
mod explain;
mod kill;
mod load;
mod operations;
mod overload;
mod paging;
mod producers;
mod production;
mod replay;
mod silences;
mod sockets;
mod stopping;
mod stores;
mod suite;
mod tls;
mod viewer;
mod webhooks;
