//! Against a real server with a real log.

mod bounds;
mod client;
mod http;
mod protocol;
mod server;
