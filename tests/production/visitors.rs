//! Those who come by the front door and count every answer that is not the one they came for. None asks again for what
//! failed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::suite::PATIENCE;

/// Producers, and how often each sends: so often that a connection is in use at whatever moment a service stops.
const PRODUCERS: usize = 4;
const SENDS: Duration = Duration::from_millis(20);
/// How often each dashboard is asked what it shows.
const READS: Duration = Duration::from_millis(50);

/// They come without pause; no more when dropped.
pub(crate) struct Visitors {
    stop: CancellationToken,
    visits: JoinSet<u64>,
    failed: Arc<Mutex<Vec<String>>>,
}

impl Visitors {
    /// To the front door at `url`. Producers send these samples, the same each time: so they fill no log.
    pub(crate) fn come(client: &Client, url: &str, samples: &[Value]) -> Self {
        let mut visitors = Self { stop: CancellationToken::new(), visits: JoinSet::new(), failed: Arc::default() };
        for sample in samples.iter().cycle().take(PRODUCERS) {
            visitors.ask(SENDS, client.post(format!("{url}/pulse/api/v1/samples")).json(sample));
        }
        for dashboard in ["pulse", "seams", "voices"] {
            visitors.ask(READS, client.get(format!("{url}/{dashboard}/api/v1/subjects")));
        }
        visitors
    }

    fn ask(&mut self, pace: Duration, request: RequestBuilder) {
        let (stop, failed) = (self.stop.clone(), self.failed.clone());
        self.visits.spawn(async move {
            let mut pace = interval(pace);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut asked = 0;
            while stop.run_until_cancelled(pace.tick()).await.is_some() {
                let wrong = match request.try_clone().expect("its body is in memory").send().await {
                    Ok(answer) if answer.status() == StatusCode::OK => {
                        answer.bytes().await.err().map(|e| e.to_string())
                    }
                    Ok(answer) => Some(format!("{} {}", answer.status(), answer.text().await.unwrap_or_default())),
                    Err(error) => Some(format!("{:#}", anyhow::Error::new(error))),
                };
                failed.lock().unwrap_or_else(PoisonError::into_inner).extend(wrong);
                asked += 1;
            }
            asked
        });
    }

    /// They come no more: how often they asked, and what went wrong.
    pub(crate) async fn leave(mut self) -> (u64, Vec<String>) {
        self.stop.cancel();
        let mut asked = 0;
        while let Some(visits) = tokio::time::timeout(PATIENCE, self.visits.join_next()).await.expect("they leave") {
            asked += visits.expect("they come to no harm");
        }
        let failed = std::mem::take(&mut *self.failed.lock().unwrap_or_else(PoisonError::into_inner));
        (asked, failed)
    }
}
