use std::time::Duration;

use domain::{Alert, AlertState, Escalation, HeldBy, Notification};

use super::{critical_pain, escalated, new_year};
use crate::set::{Set, Step, told};

fn set(alerts: &[Alert]) -> Set {
    Set { steps: told(alerts.to_vec()), truncated: false }
}

/// Which steps of which alerts.
fn names<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<String> {
    let name = |step: &Step| format!("{} {} {:?}", step.alert.id, step.number, step.alert.state);
    steps.into_iter().map(name).collect()
}

#[test]
fn held_and_suppressed_alerts_are_not_told() {
    let held = |by| Notification::Held { until: new_year(), by };
    for notification in [held(HeldBy::Cooldown), held(HeldBy::Maintenance), Notification::Suppressed] {
        assert!(told(vec![Alert { notification, ..critical_pain() }]).is_empty());
    }
}

#[test]
fn an_earlier_alert_does_not_end_the_one_that_fires() {
    let earlier = Alert {
        id: "0-7.pain_critical_high".into(),
        state: AlertState::Resolved,
        opened_at: new_year(),
        resolved_at: Some(new_year().plus(Duration::from_secs(30))),
        ..critical_pain()
    };
    let earliest = Alert { opened_at: new_year().minus(Duration::from_secs(60)), ..earlier.clone() };
    let now = ["0-42.pain_critical_high 1 Firing"];
    assert_eq!(names(&told(vec![critical_pain(), earlier.clone()])), now);
    assert_eq!(names(&told(vec![earlier.clone(), critical_pain()])), now);
    // With none that fires, the last end counts.
    assert_eq!(told(vec![earliest, earlier.clone()])[0].alert.opened_at, earlier.opened_at);
}

#[test]
fn every_step_that_was_taken_is_told_and_ends_with_its_alert() {
    let resolved_at = Some(new_year().plus(Duration::from_secs(30)));
    let earlier = Alert {
        id: "0-7.pain_critical_high".into(),
        state: AlertState::Resolved,
        opened_at: new_year(),
        resolved_at,
        ..escalated(escalated(critical_pain()))
    };
    assert_eq!(
        names(&told(vec![earlier.clone()])),
        ["0-7.pain_critical_high 1 Resolved", "0-7.pain_critical_high 2 Resolved", "0-7.pain_critical_high 3 Resolved"]
    );
    // It fires again and has only begun to climb: who is not told of it yet is told that the earlier one is over.
    assert_eq!(
        names(&told(vec![earlier, escalated(critical_pain())])),
        ["0-42.pain_critical_high 1 Firing", "0-42.pain_critical_high 2 Firing", "0-7.pain_critical_high 3 Resolved"]
    );
}

#[test]
fn an_alert_without_a_chain_is_told_once() {
    let alert = Alert { escalation: Escalation::default(), ..critical_pain() };
    assert_eq!(names(&told(vec![alert])), ["0-42.pain_critical_high 1 Firing"]);
}

#[test]
fn only_what_is_new_or_changed_is_news() {
    let (a, b) = (critical_pain(), Alert { id: "0-43.other".into(), name: "Other".into(), ..critical_pain() });
    let both = set(&[a.clone(), b.clone()]);
    assert_eq!(both.since(&set(&[])).len(), 2);
    assert_eq!(names(both.since(&set(std::slice::from_ref(&a)))), ["0-43.other 1 Firing"]);
    assert!(both.since(&both).is_empty());
    let resolved = Alert { state: AlertState::Resolved, resolved_at: Some(new_year()), ..a.clone() };
    assert_eq!(names(set(&[resolved, b.clone()]).since(&both)), ["0-42.pain_critical_high 1 Resolved"]);
    let climbed = set(&[escalated(a), b]);
    assert_eq!(names(climbed.since(&both)), ["0-42.pain_critical_high 1 Firing", "0-42.pain_critical_high 2 Firing"]);
}
