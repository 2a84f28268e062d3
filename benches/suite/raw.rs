//! The least that any server must do: one plain `write` of a ready frame to each socket for each message, or one of all
//! that came within some milliseconds. No protocol to get in: who says `look` is a viewer.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::process::Process;
use crate::{iskra, report};

/// What a viewer says first, and the answer.
pub(crate) const LOOK: &[u8] = b"look\n";
pub(crate) const HERE: &[u8] = b"here\n";
/// What is read at once from who sends.
const READ_BYTES: usize = 256 * 1024;

/// The server in a process of its own; killed when dropped.
pub(crate) struct Raw {
    child: Child,
    pub(crate) address: std::net::SocketAddr,
}

impl Raw {
    /// Starts it on a free port. It gathers messages for so long before it writes them.
    pub(crate) fn start(gather_ms: u64) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--raw", &gather_ms.to_string()]);
        let (child, address) = iskra::start(command)?;
        Ok(Self { child, address })
    }

    pub(crate) fn process(&self) -> Process {
        Process { id: self.child.id() }
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        iskra::kill(&mut self.child);
    }
}

type Viewers = Arc<Mutex<Vec<TcpStream>>>;

/// What the process does.
pub(crate) fn serve(gather: Duration) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    report::say(&format!("http://{}", listener.local_addr()?))?;
    let viewers = Viewers::default();
    for stream in listener.incoming() {
        let mut reader = BufReader::with_capacity(READ_BYTES, stream?);
        let mut word = Vec::new();
        reader.read_until(b'\n', &mut word)?;
        if word == LOOK {
            let mut stream = reader.into_inner();
            stream.set_nodelay(true)?;
            stream.write_all(HERE)?;
            viewers.lock().unwrap_or_else(PoisonError::into_inner).push(stream);
        } else {
            let viewers = viewers.clone();
            std::thread::spawn(move || pass_on(reader, gather, &viewers));
        }
    }
    Ok(())
}

/// Gives every line to every viewer, as the text frame of a WebSocket.
fn pass_on(mut reader: BufReader<TcpStream>, gather: Duration, viewers: &Viewers) -> std::io::Result<()> {
    let (mut lines, mut chunk) = (Vec::new(), vec![0; READ_BYTES]);
    loop {
        if !gather.is_zero() && !reader.fill_buf()?.is_empty() {
            std::thread::sleep(gather);
        }
        match reader.read(&mut chunk)? {
            0 => return Ok(()),
            got => lines.extend_from_slice(&chunk[..got]),
        }
        let mut frames = Vec::new();
        while let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
            frames.push(frame(&lines[..end]));
            lines.drain(..=end);
        }
        if !gather.is_zero() {
            frames = vec![frames.concat()];
        }
        let mut viewers = viewers.lock().unwrap_or_else(PoisonError::into_inner);
        for frame in frames {
            viewers.retain_mut(|viewer| viewer.write_all(&frame).is_ok());
        }
    }
}

fn frame(text: &[u8]) -> Vec<u8> {
    const TEXT: u8 = 0x81;
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let header = match u8::try_from(length) {
        Ok(short @ ..126) => vec![TEXT, short],
        _ => [vec![TEXT, 126], length.to_be_bytes().to_vec()].concat(),
    };
    [header, text.to_vec()].concat()
}
