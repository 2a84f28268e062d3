use std::time::Duration;

use domain::{Alert, AlertState, Notification};

use super::{critical_pain, new_year};
use crate::set::{Set, told};

fn set(alerts: &[Alert]) -> Set {
    Set { alerts: told(alerts.to_vec()), truncated: false }
}

#[test]
fn held_and_suppressed_alerts_are_not_told() {
    for notification in [Notification::Held { until: new_year() }, Notification::Suppressed] {
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
    assert_eq!(told(vec![critical_pain(), earlier.clone()]), [critical_pain()]);
    assert_eq!(told(vec![earlier.clone(), critical_pain()]), [critical_pain()]);
    // With none that fires, the last end counts.
    assert_eq!(told(vec![earliest, earlier.clone()]), [earlier]);
}

#[test]
fn only_what_is_new_or_changed_is_news() {
    let (a, b) = (critical_pain(), Alert { id: "0-43.other".into(), name: "Other".into(), ..critical_pain() });
    let both = set(&[a.clone(), b.clone()]);
    assert_eq!(both.since(&set(&[])).len(), 2);
    assert_eq!(both.since(&set(std::slice::from_ref(&a))), [&b]);
    assert!(both.since(&both).is_empty());
    let resolved = Alert { state: AlertState::Resolved, resolved_at: Some(new_year()), ..a };
    assert_eq!(set(&[resolved.clone(), b]).since(&both), [&resolved]);
}
