//! Who is told of an alert and when: at once, after a silence or a window in which nobody is to be disturbed, and step by step while
//! nobody acknowledges it.

use std::cmp::Ordering;
use std::time::Duration;

use domain::{Alert, Escalation, HeldBy, Notification, Priority, Silence, Timestamp};
use rules::EscalationRules;

/// The chain of an alert that opens. It stays as it is, whatever rules come in force later.
pub(crate) fn begin(rules: &EscalationRules, priority: Priority) -> Escalation {
    Escalation {
        step: 1,
        taken: Vec::new(),
        lapses: 0,
        told_again: Vec::new(),
        chain: rules.chain(priority).to_vec(),
        acknowledge_timeout_seconds: rules.acknowledge_timeout(priority).as_secs(),
    }
}

/// Whether people are told now of an alert of which nobody knows yet. `ready` is when the cooldown before it is over. What
/// holds it back for longest is named.
pub(crate) fn notification(
    rules: &EscalationRules,
    priority: Priority,
    silence: Option<&Silence>,
    now: Timestamp,
    ready: Timestamp,
) -> Notification {
    let silent = silence.map_or(now, |silence| silence.until);
    let ready = ready.max(now);
    match (rules.muted_until(priority, ready.max(silent)), silent.cmp(&ready)) {
        (Some(until), _) => Notification::Held { until, by: HeldBy::Maintenance },
        (None, Ordering::Greater) => Notification::Held { until: silent, by: HeldBy::Silence },
        (None, _) if ready > now => Notification::Held { until: ready, by: HeldBy::Cooldown },
        (None, _) => Notification::Sent { at: now },
    }
}

/// When the next step is taken, if nobody acknowledges the alert: its distance in the chain after the step before it,
/// so that no step is left out and each has its time, also after an acknowledgement that lapsed.
pub(crate) fn climbs_at(rules: &EscalationRules, alert: &Alert) -> Option<Timestamp> {
    let Notification::Sent { at: told } = alert.notification else { return None };
    let Escalation { step, taken, chain, .. } = &alert.escalation;
    let next = chain.get(usize::from(*step)).filter(|_| alert.acknowledged.is_none())?;
    let before = chain.get(usize::from(*step).checked_sub(1)?)?;
    let distance = Duration::from_secs(next.after_seconds.saturating_sub(before.after_seconds));
    let at = taken.last().copied().unwrap_or(told).plus(distance);
    Some(undisturbed(rules, alert, at))
}

/// When the alert counts as not acknowledged again.
pub(crate) fn lapses_at(rules: &EscalationRules, alert: &Alert) -> Option<Timestamp> {
    let seconds = alert.escalation.acknowledge_timeout_seconds;
    let seen = alert.acknowledged.as_ref().filter(|_| seconds > 0)?;
    Some(undisturbed(rules, alert, seen.at.plus(Duration::from_secs(seconds))))
}

/// `at`, or the end of the silence and of the window in which it lies. A silence that is in force has begun, so it covers
/// all that is before its end.
fn undisturbed(rules: &EscalationRules, alert: &Alert, at: Timestamp) -> Timestamp {
    let at = alert.silenced.as_ref().map_or(at, |silence| at.max(silence.until));
    rules.muted_until(alert.priority, at).unwrap_or(at)
}
