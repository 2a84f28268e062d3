//! Against a real server with a real log.

mod bounds;
mod client;
mod http;
mod judged;
mod lists;
mod past;
mod protocol;
mod report;
mod server;
mod standing;
