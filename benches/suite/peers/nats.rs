use super::program::Program;
use super::{Door, Server};
use crate::Bench;
use crate::crowd::Step;

const CONNECT: &str = "CONNECT {\"verbose\":false,\"pedantic\":false}\r\n";
const ALL_TAKEN: &[u8] = b"PONG\r\n";

/// NATS by its own protocol of lines, nothing stored.
pub(super) async fn start(bench: &Bench) -> anyhow::Result<Server> {
    let (program, address) = Program::start(bench, "nats-server", |address, _| {
        let port = address.port().to_string();
        Ok(["--addr", "127.0.0.1", "--port", &port].map(str::to_owned).to_vec())
    })
    .await?;
    Ok(Server {
        viewers: address,
        steps: vec![Step { says: format!("{CONNECT}SUB fan 1\r\nPING\r\n").into_bytes(), hears: ALL_TAKEN }],
        door: Door::Stream {
            address,
            greeting: Step { says: format!("{CONNECT}PING\r\n").into_bytes(), hears: ALL_TAKEN },
            frame: |text| format!("PUB fan {}\r\n{text}\r\n", text.len()).into_bytes(),
        },
        process: program.process(),
        _running: Box::new(program),
    })
}
