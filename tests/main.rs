//! End-to-end tests: the real program, real clients, a real Alertmanager.

mod bad_input;
mod doors;
mod kill;
mod overload;
mod paging;
mod sockets;
mod suite;
mod viewer;
