use std::sync::Arc;
use std::time::{Duration, Instant};

use bus_local::SilentBus;
use domain::{Alert, AlertState, Escalation, HeldBy, Notification, Priority, Simulated};
use durable_log::{Clock, Log as _, Partition};
use durable_log_sqlite::{SqliteLog, SqliteOptions};

use super::{commit, critical_pain, escalated, new_year};
use crate::ended::{Ended, RESOLVED_FOR};
use crate::held::Held;
use crate::payload::labels;
use crate::set::{Known, Set, Step, told};

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
fn what_is_simulated_for_the_inbox_alone_is_not_told_and_a_drill_is() {
    let simulated = |reach| told(vec![Alert { simulated: Some(reach), ..critical_pain() }]).len();
    assert_eq!((simulated(Simulated::Inbox), simulated(Simulated::People)), (0, 1));
    // A drill says that it is one, and does not pass for the real alert beside it.
    let drill = Alert { id: "0-43.pain_critical_high".into(), simulated: Some(Simulated::People), ..critical_pain() };
    assert_eq!(labels(&drill, 1, 0)["simulated"], "true");
    assert!(!labels(&critical_pain(), 1, 0).contains_key("simulated"));
    assert_eq!(told(vec![drill, critical_pain()]).len(), 2);
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
fn a_step_that_is_told_again_is_an_alert_of_its_own() {
    let mut alert = escalated(critical_pain());
    alert.escalation.told_again = vec![1, 2, 2];
    let steps: Vec<_> = told(vec![alert]).iter().map(|step| (step.number, step.lapse)).collect();
    assert_eq!(steps, [(1, 0), (2, 0), (1, 1), (2, 2), (2, 3)]);
}

#[test]
fn an_alert_without_a_chain_is_told_once() {
    let alert = Alert { escalation: Escalation::default(), ..critical_pain() };
    assert_eq!(names(&told(vec![alert])), ["0-42.pain_critical_high 1 Firing"]);
}

#[test]
fn the_most_urgent_come_first_and_of_these_the_oldest() {
    let of = |id: &str, priority, seconds| {
        let opened_at = new_year().plus(Duration::from_secs(seconds));
        Alert { id: id.into(), name: id.into(), priority, opened_at, ..critical_pain() }
    };
    let over = Alert { state: AlertState::Resolved, resolved_at: Some(new_year()), ..of("over", Priority::P0, 0) };
    let alerts = vec![
        of("p1", Priority::P1, 9),
        over,
        of("p2", Priority::P2, 0),
        of("new", Priority::P0, 8),
        of("old", Priority::P0, 7),
    ];
    let order: Vec<_> = told(alerts).iter().map(|step| step.alert.id.clone()).collect();
    assert_eq!(order, ["old", "new", "p1", "p2", "over"]);
}

#[test]
fn news_come_first_and_a_round_repeats_what_it_has_not_yet_handed_over() {
    let (a, b) = (critical_pain(), Alert { id: "0-43.other".into(), name: "Other".into(), ..critical_pain() });
    let both = set(&[a.clone(), b.clone()]);
    let mut known = Known::default();
    assert_eq!(known.due(&both, None).len(), 2);
    let taken = Instant::now();
    known.insert(both.steps[0].clone(), taken);
    assert_eq!(names(&known.due(&both, None)), ["0-43.other 1 Firing"]);
    known.insert(both.steps[1].clone(), taken);
    assert!(known.due(&both, None).is_empty());

    let resolved = Alert { state: AlertState::Resolved, resolved_at: Some(new_year()), ..a.clone() };
    let ended = set(&[resolved, b.clone()]);
    assert_eq!(names(&known.due(&ended, None)), ["0-42.pain_critical_high 1 Resolved"]);
    let climbed = set(&[escalated(a), b]);
    let news = ["0-42.pain_critical_high 1 Firing", "0-42.pain_critical_high 2 Firing"];
    assert_eq!(names(&known.due(&climbed, None)), news);
    let round = Some(taken + Duration::from_secs(1));
    assert_eq!(names(&known.due(&climbed, round)), [news[0], news[1], "0-43.other 1 Firing"]);
    assert_eq!(names(&known.due(&climbed, Some(taken))), news, "this round has handed the other one over");

    known.retain(&set(&[]));
    assert_eq!(known.due(&both, None).len(), 2, "what was away is news");
}

/// Alerts end by the log's clock, which may be another than this machine's: nearly a year behind it here.
#[tokio::test]
async fn what_ended_lately_by_the_clock_of_the_log_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut options = SqliteOptions::new(folder.path().join("log.db"), 1, Arc::new(SilentBus));
    options.clock = Clock::new(|| new_year().plus(Duration::from_mins(20)));
    let log = SqliteLog::open(options).await.unwrap();
    let fence = log.claim(Partition(0)).await.unwrap();
    let ended = |id: &str, minute| Alert {
        id: id.into(),
        name: id.into(),
        state: AlertState::Resolved,
        resolved_at: Some(new_year().plus(Duration::from_mins(minute))),
        ..critical_pain()
    };
    let alerts = [ended("long_ago", 4), ended("lately", 6)];
    log.commit(commit(fence, &alerts)).await.unwrap();
    let held = Held::new(1);
    held.renew(vec![Partition(0)], tokio::time::Instant::now() + Duration::from_mins(1));
    let set = Set::read(&*log, &held, &mut Ended::new(RESOLVED_FOR), &[]).await.unwrap();
    assert_eq!(names(&set.steps), ["lately 1 Resolved"]);
}
