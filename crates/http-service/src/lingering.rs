use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// How long a client that is still sending is listened to after the last answer.
const LINGER: Duration = Duration::from_secs(2);
/// What is thrown away at once.
const DISCARD_BYTES: usize = 16 * 1024;

/// A connection that ends politely: what the client is still sending after its answer, as with a body that was refused
/// unread, is thrown away for a moment. Closed with unread data in it, the connection would be reset, and the client
/// would see a broken pipe instead of the answer.
pub(crate) struct Lingering {
    stream: TcpStream,
    until: Option<Pin<Box<Sleep>>>,
}

impl Lingering {
    pub(crate) const fn new(stream: TcpStream) -> Self {
        Self { stream, until: None }
    }

    /// Reads until the client ends or the time is over. Who sends nothing at this moment is not waited for.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut discarded = [0; DISCARD_BYTES];
        loop {
            if self.until.as_mut().is_some_and(|until| until.as_mut().poll(cx).is_ready()) {
                return Poll::Ready(());
            }
            let mut buffer = ReadBuf::new(&mut discarded);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {
                    self.until.get_or_insert_with(|| Box::pin(sleep(LINGER)));
                }
                Poll::Pending if self.until.is_some() => return Poll::Pending,
                _ => return Poll::Ready(()),
            }
        }
    }
}

impl AsyncRead for Lingering {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.until.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
        }
        self.poll_discard(cx).map(Ok)
    }
}
