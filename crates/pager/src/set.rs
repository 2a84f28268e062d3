use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use domain::{Alert, AlertState, Notification, Simulated, Timestamp};
use durable_log::{AlertFilter, Log, LogError};

use crate::ended::{Ended, Mutes};
use crate::held::Held;
use crate::payload::labels;
use crate::silences::Silence;

/// How many alerts are asked for at once.
const PAGE: u32 = 2_000;
/// Most steps that are handed over, for the sake of memory: more than Alertmanager takes within four intervals.
const MOST: usize = 100_000;

/// A step that an alert has taken: to Alertmanager an alert of its own. Whoever was told by one goes on being told, so
/// that the end reaches all of them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) alert: Arc<Alert>,
    /// From 1.
    pub(crate) number: u8,
    /// The lapsed acknowledgement after which it is told again, from 1; 0 for the first time.
    pub(crate) lapse: usize,
}

/// The alerts that Alertmanager should know of, one for each identity, the most urgent first.
#[derive(Debug, Default)]
pub(crate) struct Set {
    pub(crate) steps: Vec<Step>,
    /// Whether there were more than can be handed over.
    pub(crate) truncated: bool,
}

impl Set {
    /// Reads it as of the log's present, by which alerts end: all alerts of the partitions that are held at this moment, for what is left out is over in
    /// Alertmanager's eyes. `silences` are those in force.
    pub(crate) async fn read(
        log: &dyn Log,
        held: &Held,
        ended: &mut Ended,
        silences: &[&Silence],
    ) -> Result<Self, LogError> {
        let now = log.now();
        // What ends between the two questions is in both, and what fires is asked for first: so it is missing in none.
        let firing = all(log, AlertState::Firing, None).await?;
        let mutes = Mutes::new(&firing, silences);
        let since = ended.ask_since(now, &mutes);
        let over = ended.take(all(log, AlertState::Resolved, Some(since)).await?, now, &mutes);
        let is_held = held.now();
        // One that ended between the two questions: the later answer counts.
        let ids: HashSet<_> = over.iter().map(|alert| alert.id.clone()).collect();
        let mut alerts = firing;
        alerts.retain(|alert| !ids.contains(&alert.id));
        alerts.extend(over);
        alerts.retain(is_held);
        let mut steps = told(alerts);
        let truncated = steps.len() > MOST;
        steps.truncate(MOST);
        Ok(Self { steps, truncated })
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

    pub(crate) fn count(&self, state: AlertState) -> usize {
        self.steps.iter().filter(|step| step.alert.state == state).count()
    }
}

/// All alerts in `state`, read page by page.
async fn all(log: &dyn Log, state: AlertState, ended_since: Option<Timestamp>) -> Result<Vec<Alert>, LogError> {
    let mut alerts: Vec<Alert> = Vec::new();
    loop {
        let after = alerts.last().map(|last| (last.opened_at, last.id.clone()));
        let filter = AlertFilter { state: Some(state), ended_since, after, limit: PAGE, ..AlertFilter::default() };
        let page = log.alerts(filter).await?;
        let is_last = page.len() < PAGE as usize;
        alerts.extend(page);
        if is_last {
            return Ok(alerts);
        }
    }
}

/// What one Alertmanager knows: the steps that it took as they were then, and when it last took each.
#[derive(Debug, Default)]
pub(crate) struct Known(HashMap<(String, u8, usize), (Step, Instant)>);

impl Known {
    /// It took this at `at`.
    pub(crate) fn insert(&mut self, step: Step, at: Instant) {
        self.0.insert((step.alert.id.clone(), step.number, step.lapse), (step, at));
    }

    /// Forgets what is not in `set`: it is news again if it comes back.
    pub(crate) fn retain(&mut self, set: &Set) {
        let there: HashSet<_> =
            set.steps.iter().map(|step| (step.alert.id.as_str(), step.number, step.lapse)).collect();
        self.0.retain(|(id, number, lapse), _| there.contains(&(id.as_str(), *number, *lapse)));
    }

    /// What of `set` is to be handed over: first what it does not know as it is now, then what it took before `round`.
    pub(crate) fn due(&self, set: &Set, round: Option<Instant>) -> Vec<Step> {
        let (mut news, mut repeated) = (Vec::new(), Vec::new());
        for step in &set.steps {
            match self.0.get(&(step.alert.id.clone(), step.number, step.lapse)) {
                Some((known, at)) if known == step => {
                    if round.is_some_and(|round| *at < round) {
                        repeated.push(step.clone());
                    }
                }
                _ => news.push(step.clone()),
            }
        }
        news.append(&mut repeated);
        news
    }
}

/// The steps of those alerts of which people were told: not of the ones that were held back or suppressed,
/// nor of those that are simulated for the inbox alone. The most
/// urgent come first, of these the oldest: in a storm, and beyond the bound, people keep what they were told first.
///
/// Of several with the same labels one is kept: one that fires, else the last one. To Alertmanager they are the same,
/// and the end of an earlier one would end the one that fires.
pub(crate) fn told(mut alerts: Vec<Alert>) -> Vec<Step> {
    let is_told = |alert: &Alert| matches!(alert.notification, Notification::Sent { .. });
    alerts.retain(|alert| is_told(alert) && alert.simulated != Some(Simulated::Inbox));
    alerts.sort_by_key(|alert| Reverse((alert.state == AlertState::Firing, alert.opened_at)));
    let steps = alerts.into_iter().map(Arc::new).flat_map(|alert| steps_of(&alert));
    let mut seen = HashSet::new();
    let mut steps: Vec<_> = steps.filter(|step| seen.insert(labels(&step.alert, step.number, step.lapse))).collect();
    // One that ends by itself at Alertmanager does less harm than one that is said to have ended.
    steps.sort_by_key(|Step { alert, .. }| {
        (alert.state == AlertState::Resolved, Reverse(alert.priority), alert.opened_at)
    });
    steps
}

/// Each step that was taken, and each that was told again.
fn steps_of(alert: &Arc<Alert>) -> Vec<Step> {
    let step = |number, lapse| Step { alert: Arc::clone(alert), number, lapse };
    // An alert from before there were chains has taken none; it was told all the same.
    let taken = (1..=alert.escalation.step.max(1)).map(|number| step(number, 0));
    let again = alert.escalation.told_again.iter().enumerate().map(|(index, number)| step(*number, index + 1));
    taken.chain(again).collect()
}
