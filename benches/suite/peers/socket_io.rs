use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::program::{self, Program};
use super::{Door, Server, text_frame, upgrade};
use crate::crowd::Step;
use crate::iskra;

/// The program and what it needs.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

pub(super) fn is_installed() -> bool {
    program::find("node").is_some() && folder().join("node_modules/socket.io").is_dir()
}

/// socket.io on Node.js.
pub(super) fn start() -> anyhow::Result<Server> {
    let mut command = Command::new("node");
    command.arg(folder().join("socket-io.js")).env("NODE_ENV", "production").stdin(Stdio::null());
    let (child, address) = iskra::start(command)?;
    let program = Program::new(child);
    Ok(Server {
        viewers: address,
        steps: vec![
            Step { hears: br#"0{"sid":"#, ..upgrade("/socket.io/?EIO=4&transport=websocket") },
            Step { says: text_frame("40"), hears: br#"40{"sid":"# },
        ],
        door: Door::Http { address, path: "/", takes_many: false },
        process: program.process(),
        _running: Box::new(program),
    })
}
