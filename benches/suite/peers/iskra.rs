use super::{Door, Server, text_frame, upgrade};
use crate::Bench;
use crate::crowd::Step;
use crate::samples;

/// The embedded suite: every sample is stored, judged by all rules, and shown.
pub(super) fn start(bench: &Bench) -> anyhow::Result<Server> {
    let suite = bench.start_quiet(&["--set", "sockets.max=10000"])?;
    Ok(Server {
        viewers: suite.pulse,
        steps: viewer(),
        door: Door::Http { address: suite.pulse, path: samples::PATH, takes_many: true },
        process: suite.process,
        _running: Box::new(suite),
    })
}

/// How a viewer of any of its services gets in.
pub(crate) fn viewer() -> Vec<Step> {
    let wants = r#"{"type":"subscribe","channels":["clarity","chaos","trust","pain"]}"#;
    vec![upgrade("/ws"), Step { says: text_frame(wants), hears: br#""type":"snapshot""# }]
}
