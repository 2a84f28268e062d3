//! The life of one alert: watched for by an edge of a band, by the staleness of a subject, or by a budget.

use std::time::Duration;

use domain::{
    Acknowledgement, Alert, AlertChange, AlertState, Event, EventBody, Level, Notification, Priority, Side, Text,
    Timestamp, Vital,
};
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::escalation;

/// What a rule remembers while its condition holds, and until its alert is over.
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

/// What is wrong: all of an alert that its rule knows. The fields are those of [`Alert`].
pub(crate) struct Complaint {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) name: String,
    pub(crate) vital: Option<Vital>,
    pub(crate) side: Option<Side>,
    pub(crate) level: Level,
    pub(crate) priority: Priority,
    pub(crate) value: f64,
    pub(crate) threshold: f64,
    pub(crate) since: Timestamp,
    pub(crate) actions: Vec<String>,
    pub(crate) summary: Text,
    pub(crate) description: Text,
    pub(crate) recommendation: Text,
}

impl Watch {
    /// An alert that opens now. People are told when it is `ready`, now or when a cooldown is over, and nothing else holds
    /// it back.
    pub(crate) fn open(context: &Context<'_>, complaint: Complaint, ready: Timestamp, events: &mut Vec<Event>) -> Self {
        let (rules, now, priority) = (&context.rules.escalation, context.now, complaint.priority);
        let silence = context.silences.of(&complaint.rule);
        let mut alert = Box::new(Alert {
            id: complaint.id,
            subject: context.subject.clone(),
            rule: complaint.rule,
            name: complaint.name,
            vital: complaint.vital,
            side: complaint.side,
            level: complaint.level,
            priority,
            state: AlertState::Firing,
            value: complaint.value,
            threshold: complaint.threshold,
            since: complaint.since,
            opened_at: now,
            resolved_at: None,
            notification: escalation::notification(rules, priority, silence, now, ready),
            acknowledged: None,
            silenced: silence.cloned(),
            simulated: context.simulation.map(|simulation| simulation.reach),
            escalation: escalation::begin(rules, priority),
            actions: complaint.actions,
            summary: complaint.summary,
            description: complaint.description,
            recommendation: complaint.recommendation,
        });
        if matches!(alert.notification, Notification::Sent { .. }) {
            alert.escalation.taken.push(now);
        }
        events.push(changed(&alert, AlertChange::Opened, 1, now));
        Self::Firing { alert, ends: None }
    }

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
    pub(crate) fn due(&self, rules: &Rules) -> Option<Timestamp> {
        let Self::Firing { alert, ends } = self else { return None };
        let told = match alert.notification {
            Notification::Held { until, .. } => Some(until),
            Notification::Sent { .. } | Notification::Suppressed => None,
        };
        let lapses = escalation::lapses_at(&rules.escalation, alert);
        let climbs = escalation::climbs_at(&rules.escalation, alert);
        [*ends, told, lapses, climbs].into_iter().flatten().min()
    }

    /// Does what time alone brings about at `context.now`, short of ending the alert. Answers whether people are told
    /// of it for the first time.
    pub(crate) fn elapse(&mut self, context: &Context<'_>, events: &mut Vec<Event>) -> bool {
        let Self::Firing { alert, .. } = self else { return false };
        let (rules, now) = (&context.rules.escalation, context.now);
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let is_released = matches!(alert.notification, Notification::Held { until, .. } if until <= now);
        if is_released {
            alert.notification = Notification::Sent { at: now };
            alert.escalation.taken.push(now);
            events.push(changed(alert, AlertChange::Notified, 1, now));
        }
        if is_due(escalation::lapses_at(rules, alert)) {
            alert.acknowledged = None;
            alert.escalation.lapses += 1;
            // Who took it has not solved it, and the end of the chain may be reached.
            let step = alert.escalation.step;
            alert.escalation.told_again.push(step);
            events.push(changed(alert, AlertChange::Lapsed, alert.escalation.lapses, now));
        }
        if is_due(escalation::climbs_at(rules, alert)) {
            alert.escalation.step += 1;
            alert.escalation.taken.push(now);
            events.push(changed(alert, AlertChange::Escalated, alert.escalation.step.into(), now));
        }
        is_released
    }

    /// Silences began or ended, as the event `cause` tells: the alert is muted by another one than before, or by none, and
    /// a notification that is held waits for something else. `ready` is when the cooldown is over. Answers whether people
    /// are told of it for the first time.
    pub(crate) fn heed_silences(
        &mut self,
        context: &Context<'_>,
        ready: Timestamp,
        cause: &str,
        events: &mut Vec<Event>,
    ) -> bool {
        let now = context.now;
        // What ends now is told to nobody any more.
        let is_over = self.is_over(now);
        let Self::Firing { alert, .. } = self else { return false };
        let silence = context.silences.of(&alert.rule);
        if is_over || alert.silenced.as_ref() == silence {
            return false;
        }
        alert.silenced = silence.cloned();
        if matches!(alert.notification, Notification::Held { .. }) {
            let rules = &context.rules.escalation;
            alert.notification = escalation::notification(rules, alert.priority, silence, now, ready);
            if matches!(alert.notification, Notification::Sent { .. }) {
                alert.escalation.taken.push(now);
                events.push(changed(alert, AlertChange::Notified, 1, now));
                return true;
            }
        }
        let change = if silence.is_some() { AlertChange::Silenced } else { AlertChange::Unsilenced };
        // It may happen many times over, but only once by one cause.
        let id = format!("{}.by.{cause}", alert.id);
        events.push(event(id, alert, change, now));
        false
    }

    /// Whether the alert is over by `now`.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        matches!(self, Self::Firing { ends: Some(ends), .. } if *ends <= now)
    }

    /// The alert, if it is open.
    pub(crate) fn alert(&self) -> Option<&Alert> {
        match self {
            Self::Firing { alert, .. } => Some(alert),
            Self::Pending { .. } => None,
        }
    }

    /// The same, to be changed.
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
    Some(changed(alert, AlertChange::Acknowledged, alert.escalation.lapses + 1, now))
}

/// Ends the alert.
pub(crate) fn resolve(alert: &mut Alert, now: Timestamp) -> Event {
    alert.state = AlertState::Resolved;
    alert.resolved_at = Some(now);
    if matches!(alert.notification, Notification::Held { .. }) {
        alert.notification = Notification::Suppressed;
    }
    changed(alert, AlertChange::Resolved, 1, now)
}

/// The event that tells of a change. The alert, the change, and which time it is, name it.
fn changed(alert: &Alert, change: AlertChange, time: u32, now: Timestamp) -> Event {
    let what = change.name();
    let id = match time {
        1 => format!("{}.{what}", alert.id),
        time => format!("{}.{what}-{time}", alert.id),
    };
    event(id, alert, change, now)
}

fn event(id: String, alert: &Alert, change: AlertChange, now: Timestamp) -> Event {
    let body = EventBody::Alert { change, alert: Box::new(alert.clone()) };
    Event { id, subject: alert.subject.clone(), at: now, body }
}
