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

/// A step that an alert has taken: to Alertmanager an alert of its own. Whoever was told by one goes on being told, so
/// that the end reaches all of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) alert: Arc<Alert>,
    /// From 1.
    pub(crate) number: u8,
}

/// The alerts that Alertmanager should know of, one for each identity.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) steps: Vec<Step>,
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
        Ok(Self { steps: told(firing), truncated })
    }

    /// Those of the partitions that are held at this moment.
    pub(crate) fn held(self: &Arc<Self>, held: &Held) -> Arc<Self> {
        let is_held = held.now();
        if self.steps.iter().all(|step| is_held(&step.alert)) {
            return Arc::clone(self);
        }
        let steps = self.steps.iter().filter(|step| is_held(&step.alert)).cloned().collect();
        Arc::new(Self { steps, truncated: self.truncated })
    }

    /// Those that are not in `earlier`, or not as they are now.
    pub(crate) fn since(&self, earlier: &Self) -> Vec<&Step> {
        let known: HashMap<_, _> = earlier.steps.iter().map(|step| ((&step.alert.id, step.number), step)).collect();
        self.steps.iter().filter(|step| known.get(&(&step.alert.id, step.number)) != Some(step)).collect()
    }

    pub(crate) fn count(&self, state: AlertState) -> usize {
        self.steps.iter().filter(|step| step.alert.state == state).count()
    }
}

/// The steps of those alerts of which people were told: not of the ones that were held back or suppressed.
///
/// Of several with the same labels one is kept: one that fires, else the last one. To Alertmanager they are the same,
/// and the end of an earlier one would end the one that fires.
pub(crate) fn told(mut alerts: Vec<Alert>) -> Vec<Step> {
    alerts.retain(|alert| matches!(alert.notification, Notification::Sent { .. }));
    alerts.sort_by_key(|alert| std::cmp::Reverse((alert.state == AlertState::Firing, alert.opened_at)));
    let steps = alerts.into_iter().map(Arc::new).flat_map(|alert| {
        // An alert from before there were chains has taken none; it was told all the same.
        (1..=alert.escalation.step.max(1)).map(move |number| Step { alert: Arc::clone(&alert), number })
    });
    let mut seen = HashSet::new();
    steps.filter(|step| seen.insert(labels(&step.alert, step.number))).collect()
}
