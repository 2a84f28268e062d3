//! The WebSockets: who is let in, and one session for each.

mod bounds;
mod door;
mod entrance;
mod pieces;
mod session;

pub use bounds::SocketBounds;
pub use door::SampleDoor;
pub(crate) use entrance::{Entrance, asks_for_socket};
