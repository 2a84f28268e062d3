use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use domain::{Language, Timestamp};
use durable_log::Clock;

use crate::payload::{Payload, SERVICE, Wording};

/// An alert that fires as long as all is well, so that its end tells what nothing else could: that nobody would be
/// paged. Cheap to clone.
///
/// Its labels are the same in every replica: to Alertmanager they are one alert, which ends when the last of them falls
/// silent.
#[derive(Clone)]
pub struct Watchdog {
    is_well: Arc<dyn Fn() -> bool + Send + Sync>,
    since: Timestamp,
}

impl Watchdog {
    /// One that fires while it `is_well`, asked whenever the whole set is handed over.
    pub fn new(is_well: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { is_well: Arc::new(is_well), since: Clock::system().now() }
    }

    /// What Alertmanager is told at `now`; nothing when it is not well.
    pub(crate) fn payload(&self, wording: &Wording, now: Timestamp) -> Option<Payload> {
        if !(self.is_well)() {
            return None;
        }
        let (summary, description) = match wording.language {
            Language::En => (
                "The SLO engine judges, and this path to people is open.",
                "Always fires. When it ends, nobody would be paged: its receiver must notice that.",
            ),
            Language::Ru => (
                "SLO-движок оценивает данные, и путь к людям открыт.",
                "Горит всегда. Если этот сигнал пропал, вызвать людей некому: это должен заметить его получатель.",
            ),
        };
        Some(Payload {
            labels: BTreeMap::from([("alertname", "Watchdog"), ("severity", "none"), ("service", SERVICE)].map(own)),
            annotations: BTreeMap::from([("summary", summary), ("description", description)].map(own)),
            // A clock that was set back must not make it end before it began.
            starts_at: self.since.min(now),
            ends_at: now.plus(wording.lifetime),
            generator_url: wording.public_url.clone(),
        })
    }
}

fn own((name, text): (&'static str, &str)) -> (&'static str, String) {
    (name, text.to_owned())
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog").field("since", &self.since).finish_non_exhaustive()
    }
}
