use std::time::Duration;

use domain::{Alert, AlertChange, EventBody, Vital};
use rules::Rules;

use super::{BudgetNow, Budgets, Rates};
use crate::chronicle::{Chronicle, OK, moment};

const HOUR: f64 = 3_600.0;

const HURT: [(&str, f64); 4] = [("clarity", 0.75), ("chaos", 0.35), ("trust", 0.7), ("pain", 0.55)];

/// Alerts on burns alone: those of the bands and of silence are other stories.
fn burns(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().filter(|line| line.contains("_burn_")).collect()
}

fn now(story: &mut Chronicle, seconds: f64, vital: Vital) -> BudgetNow {
    let mut all = story.view(seconds).budgets().into_iter();
    all.find(|budget| budget.vital == vital).expect("it was measured")
}

fn alert<'a>(story: &'a Chronicle, rule: &str) -> &'a Alert {
    let alert = story.events.iter().find_map(|event| match &event.body {
        EventBody::Alert { change: AlertChange::Opened, alert } if alert.rule == rule => Some(alert),
        _ => None,
    });
    alert.expect("no such alert opened")
}

#[test]
fn time_inside_ok_is_good_and_outside_bad_until_the_next_sample() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &OK);
    story.at(10.0, &HURT);
    story.at(13.0, &OK);
    let (pain, trust) = (now(&mut story, 20.0, Vital::Pain), now(&mut story, 20.0, Vital::Trust));
    assert_eq!((pain.good_seconds, pain.bad_seconds), (17.0, 3.0));
    assert_eq!((trust.good_seconds, trust.bad_seconds), (20.0, 0.0));
    assert_eq!(pain.measured_ratio, 20.0 / (30.0 * 86_400.0));
    // 15 % bad of an allowed 1 %: fifteen budgets are used.
    assert!((pain.remaining_ratio + 14.0).abs() < 1e-9, "{}", pain.remaining_ratio);
    assert_eq!(trust.remaining_ratio, 1.0);
}

/// In a period of 2 h 24 min the windows of 1 h and 5 min are 12 s and 1 s.
#[test]
fn windows_shrink_with_the_period_down_to_seconds() {
    let shipped = include_str!("../../../../config/slo-thresholds-matrix.yml");
    let short = shipped.replace("period: 30d", "period: 2h24m");
    assert_ne!(short, shipped);
    let rules = Rules::parse(&[("slo-thresholds-matrix.yml", &short)]).unwrap();
    let windows: Vec<_> =
        rules.objectives.burns.iter().map(|burn| [burn.long, burn.short].map(|w| w.as_secs())).collect();
    assert_eq!(windows, [[12, 1], [72, 6], [288, 24], [864, 72]]);
    let mut story = Chronicle::with(rules, &["alert"]);
    assert!(burns(story.repeat(0.0, 1_000.0, 1.0, &OK)).is_empty());
    // 14.4 % of 12 s are 1.7 s, 6 % of 72 s are 4.3 s, 1 % of 864 s are 8.6 s, 3 % of 288 s are 8.6 s.
    let lines = burns(story.repeat(1_000.0, 1_010.0, 1.0, &HURT));
    let opened = ["1002: pain_burn_1h Opened", "1005: pain_burn_6h Opened"];
    assert_eq!(lines, [opened, ["1009: pain_burn_1d Opened", "1009: pain_burn_3d Opened"]].concat());
    let lines = burns(story.repeat(1_010.0, 1_100.0, 1.0, &OK));
    // When the bad time has left the short window; of the longest one, to a twelfth of it.
    let resolved = ["1011: pain_burn_1h Resolved", "1016: pain_burn_6h Resolved"];
    assert_eq!(lines, [resolved, ["1034: pain_burn_1d Resolved", "1086: pain_burn_3d Resolved"]].concat());
}

#[test]
fn silence_counts_as_neither() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &HURT);
    story.tick(1_000.0);
    let pain = now(&mut story, 1_000.0, Vital::Pain);
    // The value held for the staleness time.
    assert_eq!((pain.good_seconds, pain.bad_seconds), (0.0, 60.0));
    story.at(2_000.0, &OK);
    story.at(2_010.0, &OK);
    let pain = now(&mut story, 2_010.0, Vital::Pain);
    assert_eq!((pain.good_seconds, pain.bad_seconds), (10.0, 60.0));
}

#[test]
fn a_vital_that_was_never_sent_has_no_budget() {
    let mut story = Chronicle::of(&[]);
    story.at(0.0, &[("pain", 0.3)]);
    let measured: Vec<Vital> = story.view(10.0).budgets().iter().map(|budget| budget.vital).collect();
    assert_eq!(measured, [Vital::Pain]);
}

#[test]
fn what_is_older_than_the_period_is_forgotten() {
    let mut story = Chronicle::of(&[]);
    let day = 86_400.0;
    story.repeat(0.0, 100.0, 50.0, &HURT);
    story.repeat(100.0, 130.0, 10.0, &OK);
    assert_eq!(now(&mut story, 29.9 * day, Vital::Pain).bad_seconds, 100.0);
    story.at(31.1 * day, &OK);
    let pain = now(&mut story, 31.1 * day, Vital::Pain);
    assert_eq!((pain.bad_seconds, pain.remaining_ratio), (0.0, 1.0));
}

#[test]
fn a_fast_burn_opens_an_alert_when_both_windows_are_known_and_burn() {
    let mut story = Chronicle::of(&["alert"]);
    assert!(burns(story.repeat(0.0, HOUR, 25.0, &OK)).is_empty());
    // The long window begins with a bucket of five minutes: of its 3,875 s, 575 are more than 14.4 %.
    let lines = burns(story.repeat(HOUR, HOUR + 1_200.0, 25.0, &HURT));
    assert_eq!(lines, ["4175: pain_burn_1h Opened"]);
    let alert = alert(&story, "pain_burn_1h");
    assert_eq!((&*alert.name, alert.vital, alert.side, alert.threshold), ("PainBurn1h", Some(Vital::Pain), None, 14.4));
    insta::assert_snapshot!(format!("{}\n{}\n{}", alert.id, alert.summary.en, alert.summary.ru), @"
    3-167+25000000.pain_burn_1h
    Pain of agent-7: the error budget burns at ×14.8 over 1 h and ×100 over 5 min (limit ×14.4)
    Боль agent-7: бюджет ошибок расходуется в темпе ×14,8 за 1 ч и ×100 за 5 мин (предел ×14,4)
    ");
}

#[test]
fn what_is_unknown_neither_burns_nor_ceases_to() {
    let is_faster = |long: Option<f64>, short: Option<f64>| Rates { long, short }.is_faster(6.0);
    assert_eq!(is_faster(Some(6.1), Some(6.1)), Some(true));
    assert_eq!(is_faster(Some(6.0), Some(6.1)), Some(false));
    assert_eq!((is_faster(Some(6.1), None), is_faster(None, Some(6.1)), is_faster(None, None)), (None, None, None));
    assert_eq!((is_faster(Some(5.9), None), is_faster(None, Some(5.9))), (Some(false), Some(false)));
}

#[test]
fn a_new_subject_is_not_alerted_on_before_enough_was_measured() {
    let mut story = Chronicle::of(&["alert"]);
    let lines = burns(story.repeat(0.0, 2.0 * HOUR, 25.0, &HURT));
    // Half an hour of the first hour.
    assert_eq!(lines[0], "1800: pain_burn_1h Opened");
}

#[test]
fn it_ends_when_the_short_window_no_longer_burns() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    story.repeat(HOUR, HOUR + 900.0, 25.0, &HURT);
    let lines = burns(story.repeat(HOUR + 900.0, 2.0 * HOUR, 25.0, &OK));
    // 14.4 % of five minutes are 43 seconds: then less than that is left of the bad time.
    assert_eq!(lines, ["4775: pain_burn_1h Resolved"]);
}

#[test]
fn silence_resolves_no_burn() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    let mut lines = burns(story.repeat(HOUR, HOUR + 900.0, 25.0, &HURT));
    lines.extend(burns(story.tick(2.0 * HOUR)));
    // People go on being told, and nothing ends.
    assert_eq!(lines, ["4175: pain_burn_1h Opened", "5075: pain_burn_1h Escalated"]);
}

#[test]
fn a_burn_climbs_its_chain_and_stops_when_it_is_acknowledged() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    story.repeat(HOUR, HOUR + 600.0, 25.0, &HURT);
    let id = alert(&story, "pain_burn_1h").id.clone();
    let lines = burns(story.repeat(HOUR + 600.0, HOUR + 2_000.0, 25.0, &HURT));
    assert_eq!(lines, ["5075: pain_burn_1h Escalated"]);
    assert_eq!(story.acknowledge(HOUR + 2_000.0, &id), ["5600: pain_burn_1h Acknowledged"]);
}

#[test]
fn a_burn_is_explained() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    let pace = "×0 over 1 h and ×0 over 5 min (limit ×14.4)";
    assert_eq!(story.explain(HOUR, "pain_burn_1h"), ["no alert", "тревоги нет", pace]);
    let pace = "×? over 72 h and ×? over 6 h (limit ×1)";
    assert_eq!(story.explain(HOUR, "pain_burn_3d"), ["no alert", "тревоги нет", pace]);
    story.repeat(HOUR, HOUR + 600.0, 25.0, &HURT);
    let [state, ..] = story.explain(HOUR + 600.0, "pain_burn_1h");
    assert!(state.contains("people were told at 2026-01-01T01:09:35Z, step 1 of 3"), "{state}");
}

#[test]
fn a_healthy_subject_needs_no_timer_but_midnight_and_hardly_any_place() {
    let mut story = Chronicle::of(&[]);
    story.repeat(0.0, 2.0 * HOUR, 25.0, &OK);
    let midnight = moment(24.0 * HOUR);
    let budgets = Budgets { midnight, ..story.part("budgets") };
    assert_eq!(budgets.due(&story.rules), Some(midnight));
    let saved = story.part_text("budgets");
    assert!(saved.len() < 700, "{} bytes: {saved}", saved.len());
    story.tick(25.0 * HOUR);
    assert_eq!(Budgets { midnight, ..story.part("budgets") }.due(&story.rules), None, "nothing is measured");
}

#[test]
fn a_long_incident_is_saved_in_little_place() {
    let mut story = Chronicle::of(&[]);
    story.repeat(0.0, 4.0 * HOUR, 50.0, &HURT);
    let saved = story.part_text("budgets");
    let alerts: serde_json::Value = story.part("budgets");
    let alerts = alerts["burning"].to_string().len();
    assert!(saved.len() - alerts < 1_500, "{} bytes: {saved}", saved.len() - alerts);
}

#[test]
fn a_day_is_closed_at_midnight() {
    let mut story = Chronicle::of(&["account"]);
    let midnight = 24.0 * HOUR;
    story.repeat(midnight - 100.0, midnight - 40.0, 10.0, &OK);
    story.repeat(midnight - 40.0, midnight - 10.0, 10.0, &HURT);
    assert_eq!(
        story.tick(midnight + 20.0),
        [
            "86400: clarity from 86300: 100 good, 0 bad",
            "86400: chaos from 86300: 100 good, 0 bad",
            "86400: trust from 86300: 100 good, 0 bad",
            "86400: pain from 86300: 60 good, 40 bad",
        ]
    );
    assert!(story.repeat(midnight + 30.0, midnight + 500.0, 10.0, &[("pain", 0.3), ("trust", 0.3)]).is_empty());
    assert_eq!(
        story.tick(2.0 * midnight),
        [
            // What is not sent any more was measured until it was stale.
            "172800: clarity from 86400: 40 good, 0 bad",
            "172800: chaos from 86400: 40 good, 0 bad",
            "172800: trust from 86400: 30 good, 520 bad",
            "172800: pain from 86400: 520 good, 30 bad",
        ]
    );
    // Of days in which nothing was measured there is nothing to tell, and no timer comes for them.
    assert!(story.tick(4.0 * midnight).is_empty());
    assert!(story.at(4.5 * midnight, &[("pain", 0.3)]).is_empty());
    assert_eq!(story.tick(6.0 * midnight), ["432000: pain from 388800: 60 good, 0 bad"]);
}

#[test]
fn a_vital_that_joins_later_is_accounted_for_from_then_on() {
    let mut story = Chronicle::of(&["account"]);
    story.at(10.0, &[("pain", 0.3)]);
    story.at(40.0, &[("trust", 0.7)]);
    let lines = story.at(86_400.0, &[("pain", 0.3)]);
    assert_eq!(lines, ["86400: trust from 40: 60 good, 0 bad", "86400: pain from 10: 60 good, 0 bad"]);
}

#[test]
fn everything_survives_a_restore() {
    let tell = |is_restored: bool| {
        let mut story = Chronicle::of(&["alert", "account"]);
        let mut lines = Vec::new();
        for hour in 0..26 {
            let values = if hour % 5 == 4 { &HURT } else { &OK };
            lines.extend(story.repeat(f64::from(hour) * HOUR, f64::from(hour + 1) * HOUR - 100.0, 23.0, values));
            if is_restored {
                story.restore();
            }
        }
        lines
    };
    let plain = tell(false);
    assert!(plain.iter().any(|line| line.contains("burn")), "{plain:?}");
    assert_eq!(plain, tell(true));
}

#[test]
fn other_windows_begin_to_be_measured_and_the_others_go_on() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    story.repeat(HOUR, HOUR + 900.0, 25.0, &HURT);
    let mut rules = Rules::built_in();
    rules.objectives.burns[0].long = Duration::from_secs(1_800);
    rules.objectives.burns[1].long = Duration::from_secs(5 * 3_600);
    rules.hash = "others".to_owned();
    story.adopt(rules);
    let from = HOUR + 900.0;
    story.at(from, &HURT);
    let pain = now(&mut story, from, Vital::Pain);
    assert_eq!(pain.bad_seconds, 900.0, "the period goes on");
    let rate = |rate: Option<f64>| rate.expect("enough was measured").round();
    assert_eq!(rate(pain.burns[0].short), 100.0, "so does the short window");
    assert_eq!(rate(pain.burns[0].long), rate(pain.burns[1].short), "half an hour was there for another burn");
    assert_eq!(pain.burns[1].long, None, "of five hours nothing was kept");
    story.repeat(from, from + 2.0 * HOUR, 25.0, &OK);
    let pain = now(&mut story, from + 2.0 * HOUR, Vital::Pain);
    assert_eq!(pain.burns[1].long, None, "and of the first two of them less than half is known");
}

#[test]
fn what_was_before_other_windows_is_none_of_theirs() {
    let mut story = Chronicle::of(&["alert"]);
    // Accounted for until 3575, when the narrowest bucket ended.
    story.repeat(0.0, HOUR, 10.0, &HURT);
    let mut rules = Rules::built_in();
    rules.objectives.burns[0].long = Duration::from_secs(1_200);
    rules.hash = "others".to_owned();
    story.adopt(rules);
    // They come in force at 3590, and all is well ten seconds later.
    story.repeat(HOUR, 4_310.0, 10.0, &OK);
    let pain = now(&mut story, 4_300.0, Vital::Pain);
    let bad_seconds = pain.burns[0].long.unwrap() * 0.01 * (4_300.0 - 3_590.0);
    assert!((bad_seconds - 10.0).abs() < 1e-6, "{bad_seconds}");
    assert_eq!(pain.bad_seconds, HOUR, "the period goes on");
}

#[test]
fn an_alert_on_a_burn_that_the_rules_no_longer_have_ends() {
    let mut story = Chronicle::of(&["alert"]);
    story.repeat(0.0, HOUR, 25.0, &OK);
    story.repeat(HOUR, HOUR + 600.0, 25.0, &HURT);
    let mut rules = Rules::built_in();
    rules.objectives.burns.remove(0);
    rules.hash = "others".to_owned();
    story.adopt(rules);
    assert_eq!(burns(story.tick(HOUR + 610.0)), ["4175: pain_burn_1h Resolved"]);
}
