use std::sync::atomic::{AtomicBool, Ordering};

use redis::{PushInfo, PushKind, Value};
use tokio_util::sync::CancellationToken;

use crate::queue::Queue;

/// Most messages that wait to be read: a second of single commits on a fast disk.
const MESSAGES: usize = 1_024;
/// Most bytes of them.
const BYTES: usize = 16 * 1024 * 1024;

/// What a connection has brought and nobody has read yet.
pub(crate) struct Inbox {
    messages: Queue<Vec<u8>>,
    has_overflowed: AtomicBool,
    ended: CancellationToken,
}

/// What is found in an inbox.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Message(Vec<u8>),
    /// Messages came that had no room.
    Overflow,
    /// No more messages will come.
    End,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        let messages = Queue::new(MESSAGES, BYTES);
        Self { messages, has_overflowed: AtomicBool::new(false), ended: CancellationToken::new() }
    }

    /// Takes what Redis pushes. It never waits: the connection is read meanwhile by nobody else.
    pub(crate) fn take(&self, push: PushInfo) {
        match push.kind {
            PushKind::Message | PushKind::SMessage => {
                // A channel, then a message.
                if let Some(Value::BulkString(message)) = push.data.into_iter().nth(1) {
                    let bytes = message.len();
                    if !self.messages.push(message, bytes) {
                        self.has_overflowed.store(true, Ordering::Relaxed);
                    }
                }
            }
            // Nobody asked for the latter two: a channel's slot has moved to another node of the cluster.
            PushKind::Disconnection | PushKind::Unsubscribe | PushKind::SUnsubscribe => self.ended.cancel(),
            _ => {}
        }
    }

    /// Waits for the next. Cancel-safe.
    pub(crate) async fn next(&self) -> Found {
        loop {
            if self.has_overflowed.swap(false, Ordering::Relaxed) {
                return Found::Overflow;
            }
            if let Some(message) = self.messages.pop() {
                return Found::Message(message);
            }
            tokio::select! {
                biased;
                () = self.messages.ready() => {}
                () = self.ended.cancelled() => return Found::End,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn push(kind: PushKind, message: &[u8]) -> PushInfo {
        PushInfo { kind, data: vec![Value::BulkString(b"iskra:log".to_vec()), Value::BulkString(message.to_vec())] }
    }

    #[test]
    fn messages_come_out_in_order_and_then_the_end() {
        let inbox = Inbox::new();
        assert_eq!(inbox.next().now_or_never(), None);
        inbox.take(push(PushKind::Message, b"one"));
        inbox.take(push(PushKind::Subscribe, b"1"));
        inbox.take(push(PushKind::SMessage, b"two"));
        inbox.take(PushInfo { kind: PushKind::Message, data: vec![Value::Nil] });
        inbox.take(push(PushKind::SUnsubscribe, b"0"));
        let found = [(); 3].map(|()| inbox.next().now_or_never());
        assert_eq!(found, [Found::Message(b"one".into()), Found::Message(b"two".into()), Found::End].map(Some));
    }

    #[test]
    fn what_has_no_room_is_told_once_and_the_rest_goes_on() {
        let inbox = Inbox::new();
        for _ in 0..MESSAGES + 7 {
            inbox.take(push(PushKind::Message, b"more"));
        }
        assert_eq!(inbox.next().now_or_never(), Some(Found::Overflow));
        for _ in 0..MESSAGES {
            assert_eq!(inbox.next().now_or_never(), Some(Found::Message(b"more".into())));
        }
        assert_eq!(inbox.next().now_or_never(), None);
        inbox.take(push(PushKind::Message, &vec![b'x'; BYTES + 1]));
        inbox.take(push(PushKind::Message, b"small"));
        assert_eq!(inbox.next().now_or_never(), Some(Found::Overflow));
        assert_eq!(inbox.next().now_or_never(), Some(Found::Message(b"small".into())));
    }
}
