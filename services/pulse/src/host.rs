//! The built-in producer: this machine, once a second.

use std::path::PathBuf;
use std::time::Duration;

use sources::{HostProbe, Sources};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::ingest::Ingest;

/// Two readings make the first measurement: the second follows soon, so that nobody looks at an empty page.
const SECOND_READING: Duration = Duration::from_millis(200);
/// A measurement that fails is told this often, not every second.
const TELL_EVERY: u32 = 60;

pub(crate) async fn run(
    settings: settings::HostProbe,
    sources: std::sync::Arc<Sources>,
    ingest: Ingest,
    shutdown: CancellationToken,
) {
    let mut probe = HostProbe::new(settings.subject, sources.host.clone(), PathBuf::from("/proc"));
    let every = settings.interval.max(Duration::from_millis(100));
    let mut interval = tokio::time::interval(every);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures = 0u32;
    loop {
        tokio::select! {
            biased;
            () = shutdown.cancelled() => return,
            _ = interval.tick() => {}
        }
        let failure = match probe.read(ingest.now()) {
            Ok(None) => {
                interval.reset_after(every.min(SECOND_READING));
                continue;
            }
            Ok(Some(draft)) => ingest.take(vec![Ok(draft)]).await.err().map(anyhow::Error::new),
            Err(error) => Some(error.into()),
        };
        match failure {
            None => failures = 0,
            Some(error) => {
                if failures.is_multiple_of(TELL_EVERY) {
                    tracing::warn!("this machine was not measured: {error:#}");
                }
                failures += 1;
            }
        }
    }
}
