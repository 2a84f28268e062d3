use super::{Door, Server, upgrade};
use crate::bare::Bare;
use crate::crowd::Step;
use crate::samples;

/// Nothing checked, nothing stored; a body of several is passed on as one frame.
pub(super) fn start() -> anyhow::Result<Server> {
    let bare = Bare::start()?;
    Ok(Server {
        viewers: bare.address,
        // It speaks first: the frame may come with the answer or after it.
        steps: vec![Step { hears: br#""type":"snapshot""#, ..upgrade("/ws") }],
        door: Door::Http { address: bare.address, path: samples::PATH, takes_many: false },
        process: bare.process(),
        _running: Box::new(bare),
    })
}
