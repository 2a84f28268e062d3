use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::warn;

/// How long a database may take to start: a service need not be started after it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two tries.
const PAUSE: Duration = Duration::from_secs(1);
/// Every so many tries the log tells what is waited for.
const TELL_EVERY: u32 = 10;

/// Tries until `attempt` works, fails in a way that does not pass by itself, or `PATIENCE` is over.
pub(crate) async fn patiently<T, E: Error>(
    mut attempt: impl AsyncFnMut() -> Result<T, E>,
    is_passing: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let deadline = Instant::now() + PATIENCE;
    let mut tries = 0u32;
    loop {
        match attempt().await {
            Err(error) if is_passing(&error) && Instant::now() + PAUSE < deadline => {
                if tries.is_multiple_of(TELL_EVERY) {
                    let left = deadline.duration_since(Instant::now()).as_secs();
                    warn!("{}; trying for {left} s more", with_causes(&error));
                }
                tries += 1;
                sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

/// The error and its causes, but for those that the words before hold already.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    for cause in std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(&format!(": {cause}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, thiserror::Error)]
    #[error("away")]
    struct Away {
        is_passing: bool,
    }

    async fn after(tries: u32, is_passing: bool) -> (Result<u32, Away>, Duration) {
        let (mut tried, start) = (0, Instant::now());
        let attempt = async || {
            tried += 1;
            if tried > tries { Ok(tried) } else { Err(Away { is_passing }) }
        };
        (patiently(attempt, |away: &Away| away.is_passing).await, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_late_is_waited_for() {
        assert_eq!(after(30, true).await, (Ok(31), 30 * PAUSE));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_ends() {
        let (outcome, took) = after(1_000, true).await;
        assert_eq!(outcome, Err(Away { is_passing: true }));
        assert!(took <= PATIENCE && took + 2 * PAUSE > PATIENCE, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_pass_is_told_at_once() {
        assert_eq!(after(1, false).await, (Err(Away { is_passing: false }), Duration::ZERO));
    }
}
