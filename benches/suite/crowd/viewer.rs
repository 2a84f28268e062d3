use std::io::{IoSliceMut, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use benches::counter::Counter;
use memchr::memmem;
use nix::cmsg_space;
use nix::errno::Errno;
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg, setsockopt, sockopt};
use nix::sys::time::TimeSpec;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};

use super::{Seen, Step};
use crate::samples::now;

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
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => {}
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
        setsockopt(&self.stream, sockopt::ReceiveTimestampns, &true)?;
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
        let (got, came) = match receive(&self.stream, &mut buffer[begin..]) {
            Ok((0, _)) => return Ok(Read::End),
            Ok((got, came)) => (got, came.unwrap_or_else(|| Duration::from_micros(now().as_micros().unsigned_abs()))),
            Err(Errno::EAGAIN) => return Ok(Read::Nothing),
            // A server that closes with something unread resets.
            Err(Errno::ECONNRESET) => return Ok(Read::End),
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
        let rest = seen.note(data, came, counter);
        self.keep(data, rest);
        Ok(if was_there { Read::Looking } else { Read::There })
    }

    /// Keeps the last bytes for the next read.
    fn keep(&mut self, data: &[u8], bytes: usize) {
        self.tail.clear();
        self.tail.extend_from_slice(&data[data.len() - bytes..]);
    }
}

/// What is there, and when its last byte came, since 1970. The kernel's word, which it gives but for what came before it was
/// asked to: how long a viewer took to look, on a machine that it shares with the server, is not the server's.
fn receive(stream: &TcpStream, buffer: &mut [u8]) -> nix::Result<(usize, Option<Duration>)> {
    let mut pieces = [IoSliceMut::new(buffer)];
    let mut space = cmsg_space!(TimeSpec);
    let message = recvmsg::<()>(stream.as_raw_fd(), &mut pieces, Some(&mut space), MsgFlags::empty())?;
    let came = message.cmsgs()?.find_map(|said| match said {
        ControlMessageOwned::ScmTimestampns(at) => Some(at.into()),
        _ => None,
    });
    Ok((message.bytes, came))
}
