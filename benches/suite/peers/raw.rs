use super::{Door, Server};
use crate::crowd::Step;
use crate::raw::{HERE, LOOK, Raw};

/// The limit of the machine. Messages are gathered for so long before they are written.
pub(super) fn start(gather_ms: u64) -> anyhow::Result<Server> {
    let raw = Raw::start(gather_ms)?;
    Ok(Server {
        viewers: raw.address,
        steps: vec![Step { says: LOOK.to_vec(), hears: HERE }],
        door: Door::Stream {
            address: raw.address,
            greeting: Step { says: b"send\n".to_vec(), hears: b"" },
            frame: |text| format!("{text}\n").into_bytes(),
        },
        process: raw.process(),
        _running: Box::new(raw),
    })
}
