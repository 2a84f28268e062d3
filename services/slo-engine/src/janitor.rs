//! Keeps the house: sums up the past as it grows, and deletes what is older than the retention; both in small bites, so
//! that nobody waits for it. Replicas may do so side by side: the log lets one of them at a time.

use std::sync::Arc;
use std::time::Duration;

use durable_log::{Log, LogError};
use futures_util::TryFutureExt as _;
use tokio_util::sync::CancellationToken;

/// How often it looks for what is old.
const PRUNE: Duration = Duration::from_secs(600);
/// How often summaries are brought up to date: what is newer is read sample by sample.
const ROLL_UP: Duration = Duration::from_secs(15);
/// Entries in one bite.
const BITE: u32 = 2_000;
/// Pause between two bites.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run(log: Arc<dyn Log>, retention: Duration, shutdown: CancellationToken) -> anyhow::Result<()> {
    let prune = || log.prune(retention, BITE).map_ok(|gone| gone >= u64::from(BITE));
    let roll_up = || log.roll_up();
    let chores = async {
        tokio::join!(
            again_and_again(PRUNE, "old samples could not be deleted", prune),
            again_and_again(ROLL_UP, "the past could not be summed up", roll_up),
        )
    };
    shutdown.run_until_cancelled(chores).await;
    Ok(())
}

/// Does a chore until it says that no more is to be done, and again after `every`.
async fn again_and_again<F>(every: Duration, failed: &str, chore: impl Fn() -> F)
where
    F: Future<Output = Result<bool, LogError>>,
{
    loop {
        let pause = match chore().await {
            Ok(true) => PAUSE,
            Ok(false) => every,
            Err(error) => {
                tracing::warn!("{failed}: {:#}", anyhow::Error::new(error));
                every
            }
        };
        tokio::time::sleep(pause).await;
    }
}
