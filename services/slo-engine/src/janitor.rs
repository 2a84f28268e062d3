//! Deletes what is older than the retention, in small bites, so that nobody waits for it.

use std::sync::Arc;
use std::time::Duration;

use durable_log::Log;
use tokio_util::sync::CancellationToken;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(600);
/// Samples in one bite.
const BITE: u32 = 2_000;
/// Pause between two bites.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run(log: Arc<dyn Log>, retention: Duration, shutdown: CancellationToken) -> anyhow::Result<()> {
    loop {
        let pause = match log.prune(retention, BITE).await {
            Ok(gone) if gone >= u64::from(BITE) => PAUSE,
            Ok(_) => INTERVAL,
            Err(error) => {
                tracing::warn!("old samples could not be deleted: {:#}", anyhow::Error::new(error));
                INTERVAL
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}
