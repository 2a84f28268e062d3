//! The life of one alert: watched for by an edge of a band, or by the staleness of a subject.

use std::time::Duration;

use domain::{Acknowledgement, Alert, AlertChange, AlertState, Event, EventBody, Notification, Timestamp};
use serde::{Deserialize, Serialize};

/// What an edge remembers while its condition holds, and until its alert is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Watch {
    /// The condition holds, not yet long enough.
    Pending {
        /// Since when.
        since: Timestamp,
        /// The log number of the sample that began it: it names the alert.
        cause: u64,
    },
    /// The alert is open.
    Firing {
        /// The alert.
        alert: Box<Alert>,
        /// When it ends, if the condition does not return before.
        ends: Option<Timestamp>,
    },
}

impl Watch {
    /// The condition no longer holds: sets the end, if it is not set.
    pub(crate) fn let_go(&mut self, now: Timestamp, keep_firing: Duration, minimum_hold: Duration) {
        if let Self::Firing { alert, ends } = self {
            ends.get_or_insert_with(|| now.plus(keep_firing).max(alert.opened_at.plus(minimum_hold)));
        }
    }

    /// The condition holds again before the end.
    pub(crate) const fn hold_on(&mut self) {
        if let Self::Firing { ends, .. } = self {
            *ends = None;
        }
    }

    /// When something happens to an open alert by time alone.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let Self::Firing { alert, ends } = self else { return None };
        let held_until = match alert.notification {
            Notification::Held { until } => Some(until),
            Notification::Sent { .. } | Notification::Suppressed => None,
        };
        ends.iter().copied().chain(held_until).min()
    }

    /// Whether the alert is over by `now`.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        matches!(self, Self::Firing { ends: Some(ends), .. } if *ends <= now)
    }

    /// Whether the alert was held back and may be told now.
    pub(crate) fn is_released(&self, now: Timestamp) -> bool {
        matches!(self, Self::Firing { alert, .. }
            if matches!(alert.notification, Notification::Held { until } if until <= now))
    }

    /// The alert, if it is open.
    pub(crate) fn alert_mut(&mut self) -> Option<&mut Alert> {
        match self {
            Self::Firing { alert, .. } => Some(alert),
            Self::Pending { .. } => None,
        }
    }
}

/// Marks `alert` as seen by a person; nothing happens the second time.
pub(crate) fn acknowledge(alert: &mut Alert, by: &str, note: &str, now: Timestamp) -> Option<Event> {
    if alert.acknowledged.is_some() {
        return None;
    }
    alert.acknowledged = Some(Acknowledgement { by: by.to_owned(), at: now, note: note.to_owned() });
    Some(changed(alert, AlertChange::Acknowledged, now))
}

/// Lets people know of an alert that its cooldown had held back.
pub(crate) fn notify(alert: &mut Alert, now: Timestamp) -> Event {
    alert.notification = Notification::Sent { at: now };
    changed(alert, AlertChange::Notified, now)
}

/// Ends the alert.
pub(crate) fn resolve(alert: &mut Alert, now: Timestamp) -> Event {
    alert.state = AlertState::Resolved;
    alert.resolved_at = Some(now);
    if matches!(alert.notification, Notification::Held { .. }) {
        alert.notification = Notification::Suppressed;
    }
    changed(alert, AlertChange::Resolved, now)
}

/// The event that tells of a change. An alert goes through each change at most once, so its id and the change name it.
pub(crate) fn changed(alert: &Alert, change: AlertChange, now: Timestamp) -> Event {
    let what = match change {
        AlertChange::Opened => "opened",
        AlertChange::Notified => "notified",
        AlertChange::Acknowledged => "acknowledged",
        AlertChange::Resolved => "resolved",
    };
    Event {
        id: format!("{}.{what}", alert.id),
        subject: alert.subject.clone(),
        at: now,
        body: EventBody::Alert { change, alert: Box::new(alert.clone()) },
    }
}
