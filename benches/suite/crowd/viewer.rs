use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use anyhow::Context as _;
use benches::counter::Counter;
use memchr::memmem;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};

use super::{Seen, Step};

/// One of them.
pub(super) struct Viewer {
    pub(super) stream: TcpStream,
    pub(super) is_connected: bool,
    /// Steps that are done.
    pub(super) step: usize,
    pub(super) since: Instant,
    /// The end of what was read, which belongs to something that has not come whole.
    tail: Vec<u8>,
}

/// What a read led to.
pub(super) enum Read {
    /// Not there yet, or nothing to read.
    Nothing,
    /// The last step is done now.
    There,
    /// It reads samples.
    Looking,
    /// The server has closed.
    End,
}

impl Viewer {
    /// Begins to connect, and does not wait for it.
    pub(super) fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        match connect(&socket, &address) {
            Ok(()) | Err(Errno::INPROGRESS) => {}
            Err(error) => return Err(error).context("connecting"),
        }
        let stream = TcpStream::from(socket);
        Ok(Self { stream, is_connected: false, step: 0, since: Instant::now(), tail: Vec::new() })
    }

    /// The connection is there, or it has failed.
    pub(super) fn begin(&mut self, steps: &[Step]) -> anyhow::Result<()> {
        if let Some(error) = self.stream.take_error()? {
            return Err(error).context("connecting");
        }
        self.stream.set_nodelay(true)?;
        self.is_connected = true;
        self.stream.write_all(&steps[0].says).context("the first step")
    }

    /// Reads once.
    pub(super) fn read(
        &mut self,
        buffer: &mut [u8],
        steps: &[Step],
        counter: &Counter,
        seen: &mut Seen,
    ) -> anyhow::Result<Read> {
        let begin = self.tail.len();
        buffer[..begin].copy_from_slice(&self.tail);
        let got = match self.stream.read(&mut buffer[begin..]) {
            Ok(0) => return Ok(Read::End),
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Read::Nothing),
            // A server that closes with something unread resets.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(Read::End),
            Err(error) => return Err(error).context("reading"),
        };
        let mut data = &buffer[..begin + got];
        let was_there = self.step == steps.len();
        while let Some(step) = steps.get(self.step) {
            let Some(found) = memmem::find(data, step.hears) else {
                self.keep(data, (step.hears.len() - 1).min(data.len()));
                return Ok(Read::Nothing);
            };
            data = &data[found + step.hears.len()..];
            self.step += 1;
            if let Some(next) = steps.get(self.step) {
                self.stream.write_all(&next.says).context("the next step")?;
            }
        }
        seen.reads += 1;
        seen.bytes += got as u64;
        let rest = seen.note(data, counter);
        self.keep(data, rest);
        Ok(if was_there { Read::Looking } else { Read::There })
    }

    /// Keeps the last bytes for the next read.
    fn keep(&mut self, data: &[u8], bytes: usize) {
        self.tail.clear();
        self.tail.extend_from_slice(&data[data.len() - bytes..]);
    }
}
