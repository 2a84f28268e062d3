use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

/// How long a frame may take to be written: a client that reads so little is better off coming back.
const WRITE: Duration = Duration::from_secs(10);
/// How often a client is asked whether it is still there: proxies cut a connection that is idle for a minute.
const PING: Duration = Duration::from_secs(20);

/// What a client may do on its socket.
#[derive(Clone, Debug)]
pub struct SocketBounds {
    /// Origins besides the service's own whose pages may connect.
    pub origins: Arc<[Url]>,
    /// Largest frame from a client.
    pub message_bytes: usize,
    /// Frames from a client each second; as many may come at once.
    pub frames_per_second: NonZeroU32,
    /// How long one write may take.
    pub write: Duration,
    /// How often a ping is sent; two without an answer end the connection.
    pub ping: Duration,
}

impl SocketBounds {
    /// Those of the settings, and the fixed ones.
    pub fn from_settings(settings: &settings::Sockets) -> Self {
        Self {
            origins: settings.origins.clone().into(),
            message_bytes: settings.max_message_bytes.get(),
            frames_per_second: settings.frames_per_second,
            write: WRITE,
            ping: PING,
        }
    }
}

/// Counts the frames of one client: a bucket of tokens that fills steadily, to the tokens of one second.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: f64,
    tokens: f64,
    filled_at: Instant,
}

impl Rate {
    pub(super) fn new(per_second: NonZeroU32) -> Self {
        let per_second = f64::from(per_second.get());
        Self { per_second, tokens: per_second, filled_at: Instant::now() }
    }

    /// Whether one more frame is within the rate at `now`.
    pub(super) fn allows(&mut self, now: Instant) -> bool {
        let gained = now.duration_since(self.filled_at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.per_second);
        self.filled_at = now;
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_one_second_is_allowed_and_then_the_steady_rate() {
        let mut rate = Rate::new(NonZeroU32::new(10).unwrap());
        let start = rate.filled_at;
        let allowed = |rate: &mut Rate, millis: u64| rate.allows(start + Duration::from_millis(millis));
        assert_eq!((0..15).filter(|_| allowed(&mut rate, 0)).count(), 10);
        assert!(!allowed(&mut rate, 99));
        assert!(allowed(&mut rate, 200));
        assert_eq!((0..15).filter(|_| allowed(&mut rate, 60_000)).count(), 10);
    }
}
