//! Against a real server with a real log.

mod artifacts;
mod asyncapi;
mod bounds;
mod client;
mod experiments;
mod http;
mod judged;
mod lists;
mod past;
mod protocol;
mod protocol_document;
mod report;
mod server;
mod silences;
mod standing;
