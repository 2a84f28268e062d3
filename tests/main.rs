//! End-to-end tests: the real program, real clients, a real Alertmanager.

mod kill;
mod paging;
mod suite;
