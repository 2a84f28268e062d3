use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use domain::{Alert, AlertState, Notification, Timestamp};
use durable_log::{AlertFilter, Log, LogError};

use crate::held::Held;
use crate::payload::labels;

/// How long the end of an alert is repeated: an Alertmanager that was down meanwhile still hears of it.
const RESOLVED_FOR: Duration = Duration::from_secs(15 * 60);
/// Most firing alerts that are handed over, and most ended ones; the latest are kept.
const MOST: u32 = 10_000;

/// The alerts that Alertmanager should know of, one for each identity.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) alerts: Vec<Alert>,
    /// Whether there were more than can be handed over.
    pub(crate) truncated: bool,
}

impl Set {
    /// Reads it as of `now`. Ended alerts are asked for apart, so that they never take the place of one that fires.
    pub(crate) async fn read(log: &dyn Log, now: Timestamp) -> Result<Self, LogError> {
        let of = |state, ended_since| AlertFilter { state: Some(state), subject: None, ended_since, limit: MOST + 1 };
        let mut firing = log.alerts(of(AlertState::Firing, None)).await?;
        let mut ended = log.alerts(of(AlertState::Resolved, Some(now.minus(RESOLVED_FOR)))).await?;
        let most = usize::try_from(MOST).expect("it fits");
        let truncated = firing.len() > most || ended.len() > most;
        firing.truncate(most);
        ended.truncate(most);
        // One that ended between the two questions is in both: the later answer counts.
        let ids: HashSet<_> = ended.iter().map(|alert| alert.id.clone()).collect();
        firing.retain(|alert| !ids.contains(&alert.id));
        firing.append(&mut ended);
        Ok(Self { alerts: told(firing), truncated })
    }

    /// Those of the partitions that are held at this moment.
    pub(crate) fn held(self: &Arc<Self>, held: &Held) -> Arc<Self> {
        let is_held = held.now();
        if self.alerts.iter().all(|alert| is_held(&alert)) {
            return Arc::clone(self);
        }
        let alerts = self.alerts.iter().filter(is_held).cloned().collect();
        Arc::new(Self { alerts, truncated: self.truncated })
    }

    /// Those that are not in `earlier`, or not as they are now.
    pub(crate) fn since(&self, earlier: &Self) -> Vec<&Alert> {
        let known: HashMap<_, _> = earlier.alerts.iter().map(|alert| (&alert.id, alert)).collect();
        self.alerts.iter().filter(|alert| known.get(&alert.id) != Some(alert)).collect()
    }

    pub(crate) fn count(&self, state: AlertState) -> usize {
        self.alerts.iter().filter(|alert| alert.state == state).count()
    }
}

/// Those of which people were told: not the ones that were held back or suppressed.
///
/// Of several with the same labels one is kept: one that fires, else the last one. To Alertmanager they are the same,
/// and the end of an earlier one would end the one that fires.
pub(crate) fn told(mut alerts: Vec<Alert>) -> Vec<Alert> {
    alerts.retain(|alert| matches!(alert.notification, Notification::Sent { .. }));
    alerts.sort_by_key(|alert| std::cmp::Reverse((alert.state == AlertState::Firing, alert.opened_at)));
    let mut seen = HashSet::new();
    alerts.retain(|alert| seen.insert(labels(alert)));
    alerts
}
