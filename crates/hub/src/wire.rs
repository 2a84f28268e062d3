//! The frames of the WebSocket protocol: what a client may send, what the server sends, and how it says goodbye.

mod client;
mod close;
mod server;

pub use client::{BadFrame, ClientFrame};
pub use close::Close;
pub use server::{AlertFrame, LevelsFrame, Received, SampleFrame, ServerFrame, Status, SubjectFrame};
pub(crate) use server::{MergedFrame, UpdateFrame};
