//! A locked suite: who gets in, by every route and with every credential, and who does not.

mod audit;
mod locked;
mod routes;
mod sessions;
mod sockets;
mod starting;
