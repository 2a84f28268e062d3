//! For how long the end of an alert is repeated.

use std::collections::HashMap;
use std::time::Duration;

use domain::{Alert, Notification, Priority, Subject, Timestamp};

use crate::payload::labels;
use crate::silences::Silence;

/// How long the end of an alert is repeated: an Alertmanager that was down meanwhile still hears of it.
pub(crate) const RESOLVED_FOR: Duration = Duration::from_secs(15 * 60);
/// Alertmanager may take this long to tell of an end, the default of its `group_interval`: what mutes it by then mutes it.
const GROUP_INTERVAL: Duration = Duration::from_secs(5 * 60);
/// What it has told Alertmanager remembers for so long, by default: later ends are told to nobody.
const REMEMBERED_FOR: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// Alerts that are over, and whose end is still to be told.
///
/// Alertmanager drops the end of an alert that is silenced or inhibited, and tells of it only if it is repeated
/// afterwards. So an end is repeated until nothing has muted it for as long as any end is.
#[derive(Debug)]
pub(crate) struct Ended {
    /// How long any end is repeated.
    repeated_for: Duration,
    /// Each with the last moment at which it was not to be told.
    alerts: HashMap<String, (Alert, Timestamp)>,
    /// All that ended since then and are still to be told are here; none before the log was read.
    since: Option<Timestamp>,
}

/// What mutes now.
pub(crate) struct Mutes<'a> {
    /// Since when each subject has had an alert of P0 of which people were told.
    urgent: HashMap<Subject, Timestamp>,
    silences: &'a [&'a Silence],
}

impl<'a> Mutes<'a> {
    pub(crate) fn new(firing: &[Alert], silences: &'a [&'a Silence]) -> Self {
        let mut urgent = HashMap::new();
        let told = |alert: &&Alert| matches!(alert.notification, Notification::Sent { .. });
        for alert in firing.iter().filter(|alert| alert.priority == Priority::P0).filter(told) {
            let since = urgent.entry(alert.subject.clone()).or_insert(alert.opened_at);
            *since = alert.opened_at.min(*since);
        }
        Self { urgent, silences }
    }

    /// When the first of them began.
    fn begin(&self) -> Option<Timestamp> {
        self.urgent.values().copied().chain(self.silences.iter().map(|silence| silence.from)).min()
    }

    /// Whether one mutes `alert`, and did so by `by`.
    fn is_muted(&self, alert: &Alert, by: Timestamp) -> bool {
        let is_inhibited =
            alert.priority != Priority::P0 && self.urgent.get(&alert.subject).is_some_and(|at| *at <= by);
        if is_inhibited || self.silences.is_empty() {
            return is_inhibited;
        }
        let steps: Vec<_> = (1..=alert.escalation.step.max(1)).map(|step| labels(alert, step, 0)).collect();
        let mut in_time = self.silences.iter().filter(|silence| silence.from <= by);
        in_time.any(|silence| steps.iter().any(|labels| silence.matches(labels)))
    }
}

impl Ended {
    /// None yet, each to be repeated for so long.
    pub(crate) fn new(repeated_for: Duration) -> Self {
        Self { repeated_for, alerts: HashMap::new(), since: None }
    }

    /// Since when the log is to be asked for ended alerts at `now`: as long as any end is repeated, or from where something that mutes
    /// now began, if that is not yet known.
    pub(crate) fn ask_since(&mut self, now: Timestamp, mutes: &Mutes<'_>) -> Timestamp {
        let recent = now.minus(self.repeated_for);
        let begin = mutes.begin().map_or(recent, |begin| begin.minus(GROUP_INTERVAL));
        let begin = begin.min(recent).max(now.minus(REMEMBERED_FOR));
        match self.since {
            Some(since) if since <= begin => recent,
            _ => {
                self.since = Some(begin);
                begin
            }
        }
    }

    /// Takes in what the log has answered at `now`, and answers all that are still to be told.
    pub(crate) fn take(&mut self, found: Vec<Alert>, now: Timestamp, mutes: &Mutes<'_>) -> Vec<Alert> {
        for alert in found {
            let ended = alert.resolved_at.unwrap_or(now);
            self.alerts.entry(alert.id.clone()).or_insert((alert, ended));
        }
        let repeated_for = self.repeated_for;
        self.alerts.retain(|_, (alert, muted)| {
            if mutes.is_muted(alert, muted.plus(GROUP_INTERVAL)) {
                *muted = now.max(*muted);
            }
            let ended = alert.resolved_at.unwrap_or(now);
            *muted >= now.minus(repeated_for) && ended >= now.minus(REMEMBERED_FOR)
        });
        self.alerts.values().map(|(alert, _)| alert.clone()).collect()
    }

    /// The log could not be read: what ended meanwhile is not here.
    pub(crate) const fn forget_since(&mut self) {
        self.since = None;
    }
}
