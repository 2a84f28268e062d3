use std::time::Duration;

use domain::{Acknowledgement, Alert, AlertState, Language, Level, Priority, Side, Text, Vital};
use serde_json::json;

use super::{critical_pain, new_year};
use crate::{Wording, payload};

fn wording() -> Wording {
    Wording {
        language: Language::En,
        public_url: "https://iskra.example.com".parse().unwrap(),
        runbooks: Some("https://example.com/runbooks/".parse().unwrap()),
        lifetime: Duration::from_secs(60),
    }
}

/// The payload of one alert, two minutes into the year.
fn of(alert: &Alert) -> serde_json::Value {
    in_words(alert, &wording())
}

fn in_words(alert: &Alert, wording: &Wording) -> serde_json::Value {
    serde_json::to_value(payload(alert, 1, 0, wording, new_year().plus(Duration::from_secs(120)))).unwrap()
}

#[test]
fn p0_is_critical() {
    insta::assert_json_snapshot!(of(&critical_pain()));
}

#[test]
fn a_later_step_is_told_by_its_own_labels_to_whom_it_is_for() {
    insta::assert_json_snapshot!(payload(&critical_pain(), 3, 0, &wording(), new_year()));
}

#[test]
fn a_step_that_calls_nobody_names_nobody() {
    let mut alert = Alert { actions: Vec::new(), ..critical_pain() };
    (alert.escalation.chain[0].role, alert.escalation.chain[0].channels) = (String::new(), Vec::new());
    let annotations = of(&alert)["annotations"].clone();
    assert!(["escalated_to", "channels", "actions"].iter().all(|name| annotations[name].is_null()), "{annotations}");
    // An alert from before there were chains.
    alert.escalation = domain::Escalation::default();
    assert_eq!(of(&alert)["annotations"], annotations);
}

#[test]
fn p1_is_a_warning() {
    insta::assert_json_snapshot!(of(&Alert {
        rule: "pain_block_high".into(),
        name: "PainBlockHigh".into(),
        priority: Priority::P1,
        value: 0.65,
        threshold: 0.6,
        ..critical_pain()
    }));
}

#[test]
fn p2_is_information() {
    insta::assert_json_snapshot!(of(&Alert {
        rule: "chaos_warn_low".into(),
        name: "ChaosWarnLow".into(),
        vital: Some(Vital::Chaos),
        side: Some(Side::Low),
        level: Level::Warn,
        priority: Priority::P2,
        // What arithmetic makes of 0.3 - 0.1.
        value: 0.199_999_999_999_999_98,
        threshold: 0.3,
        ..critical_pain()
    }));
}

#[test]
fn a_stale_subject_has_no_vital_and_its_value_is_in_seconds() {
    insta::assert_json_snapshot!(of(&Alert {
        rule: "stale".into(),
        name: "SubjectStale".into(),
        vital: None,
        side: None,
        level: Level::Warn,
        priority: Priority::P2,
        value: 61.5,
        threshold: 60.0,
        ..critical_pain()
    }));
}

#[test]
fn a_resolved_alert_ends_when_it_ended() {
    let resolved_at = Some(new_year().plus(Duration::from_secs(90)));
    insta::assert_json_snapshot!(of(&Alert { state: AlertState::Resolved, resolved_at, ..critical_pain() }));
}

#[test]
fn a_clock_that_was_set_back_does_not_end_an_alert_before_it_began() {
    let resolved_at = Some(new_year());
    let firing = Alert { opened_at: new_year().plus(Duration::from_secs(3_600)), ..critical_pain() };
    assert_eq!(of(&firing)["endsAt"], "2026-01-01T01:01:00Z");
    let resolved = Alert { state: AlertState::Resolved, resolved_at, ..firing };
    assert_eq!(of(&resolved)["endsAt"], of(&resolved)["startsAt"]);
}

#[test]
fn an_acknowledged_alert_goes_on_and_says_who_has_seen_it() {
    let at = new_year().plus(Duration::from_secs(100));
    let seen = Acknowledgement { by: "Ann".into(), at, note: "on it".into() };
    let told = of(&Alert { acknowledged: Some(seen), ..critical_pain() });
    insta::assert_json_snapshot!(told);
    assert_eq!(told["labels"], of(&critical_pain())["labels"], "an acknowledgement is not another alert");
}

#[test]
fn people_are_told_in_their_language() {
    let wording = Wording {
        language: Language::Ru,
        public_url: "https://example.com/iskra/".parse().unwrap(),
        runbooks: None,
        ..wording()
    };
    let subject = "агент:7".parse().unwrap();
    insta::assert_json_snapshot!(in_words(&Alert { subject, ..critical_pain() }, &wording));
}

#[test]
fn a_new_value_or_text_is_still_the_same_alert() {
    let summary = Text::new("more", "больше");
    let later = Alert { value: 0.99, summary, actions: Vec::new(), ..critical_pain() };
    assert_eq!(of(&later)["labels"], of(&critical_pain())["labels"]);
}

#[test]
fn an_end_is_none_that_is_to_come_though_the_clock_of_the_log_is_ahead() {
    let minutes = |minutes: u64| new_year().plus(Duration::from_secs(60 * minutes));
    let ended = Alert {
        state: AlertState::Resolved,
        opened_at: minutes(50),
        resolved_at: Some(minutes(55)),
        ..critical_pain()
    };
    let payload = of(&ended);
    assert_eq!(
        (&payload["startsAt"], &payload["endsAt"]),
        (&json!("2026-01-01T00:02:00Z"), &json!("2026-01-01T00:02:00Z"))
    );
}
