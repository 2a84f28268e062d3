//! What becomes of an alert that does not end: the life that the engine gives it, on a clock of its own.

use std::time::Duration;

use domain::{Event, Notification, Priority, Subject, Text, Timestamp};
use rules::Rules;

use crate::context::Context;
use crate::layout::Layout;
use crate::silences::Silences;
use crate::watch::{self, Complaint, Watch};

/// What happens to an alert of `priority` that opens at `at` and goes on firing: who is told, when, and what holds it
/// back. Somebody acknowledges it once, `acknowledge_after` it was first told, or nobody ever does.
pub fn simulate_escalation(
    rules: &Rules,
    priority: Priority,
    at: Timestamp,
    acknowledge_after: Option<Duration>,
) -> Vec<Event> {
    let (subject, layout) = (Subject::new("simulation").expect("its characters are allowed"), Layout::new(rules));
    let (subject, layout, silences) = (&subject, &layout, Silences::NONE);
    let mut context =
        Context { partition: 0, subject, rules, layout, now: at, silences, simulation: None, seq: 0, judged_at: at };
    let mut events = Vec::new();
    let mut watch = Watch::open(&context, complaint(priority, at), at, &mut events);
    let mut patience = acknowledge_after;
    loop {
        let due = watch.due(rules);
        let seen = patience.and_then(|after| Some(told(&watch)?.plus(after)));
        let Some(next) = due.into_iter().chain(seen).min() else { return events };
        context.now = context.now.max(next);
        // As in the engine: what was due comes before what somebody does at the same moment.
        if due == Some(next) {
            watch.elapse(&context, &mut events);
        } else if let Some(alert) = watch.alert_mut() {
            patience = None;
            events.extend(watch::acknowledge(alert, "somebody", "", context.now));
        }
    }
}

fn told(watch: &Watch) -> Option<Timestamp> {
    match watch.alert()?.notification {
        Notification::Sent { at } => Some(at),
        Notification::Held { .. } | Notification::Suppressed => None,
    }
}

fn complaint(priority: Priority, since: Timestamp) -> Complaint {
    Complaint {
        id: "simulation".to_owned(),
        rule: "simulation".to_owned(),
        name: "Simulation".to_owned(),
        vital: None,
        side: None,
        level: priority.level(),
        priority,
        value: 0.0,
        threshold: 0.0,
        since,
        actions: Vec::new(),
        summary: Text::default(),
        description: Text::default(),
        recommendation: Text::default(),
    }
}
