use std::sync::Arc;
use std::time::Duration;

use domain::{Sample, Score, Signals, Subject, Vital, Vitals};
use rules::Rules;

use super::*;
use crate::{Figure, Judge};

fn second(second: i64) -> Timestamp {
    // A Thursday afternoon: no maintenance window is near.
    Timestamp::from_millis((1_767_276_000 + second) * 1_000)
}

fn sample(at: i64, vitals: [f64; 4]) -> Sample {
    let vitals = Vital::ALL.into_iter().zip(vitals);
    let vitals = vitals.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::new(value).unwrap()));
    Sample { subject: Subject::new("agent-7").unwrap(), at: second(at), vitals, signals: Signals::new() }
}

/// An hour in which pain is beyond its critical edge from second 600 to 1,500, and no sample comes from 3,000 on.
fn figures(period: Period) -> Figures {
    let mut judge = Judge::new(3, Arc::new(Rules::built_in()), period);
    for (seq, at) in (1..).zip(0..3_000) {
        let pain = if (600..1_500).contains(&at) { 0.95 } else { 0.3 };
        judge.sample(seq, second(at), &sample(at, [0.8, 0.45, 0.75, pain]));
    }
    judge.finish()
}

fn of(figures: &Figures, area: Area) -> Vec<(&str, u64, u64)> {
    let of_area = figures.iter().filter(|(of, _, _)| *of == area);
    of_area.map(|(_, name, Figure { times, lasting })| (name, times, lasting.as_secs())).collect()
}

#[test]
fn what_was_so_is_counted_and_measured() {
    let figures = figures(Period { since: second(0), until: second(3_600) });
    assert_eq!(
        of(&figures, Area::Alert),
        [
            ("P0 PainCriticalHigh", 1, 900),
            ("P1 PainBlockHigh", 1, 870),
            ("P1 SubjectStale", 1, 541),
            ("P2 PainWarnHigh", 1, 780)
        ]
    );
    assert_eq!(
        of(&figures, Area::Told),
        [
            ("P0 DevOps Lead by slack, pagerduty", 1, 0),
            ("P0 SRE by slack, pagerduty", 1, 0),
            // It is due in the very moment in which the pain ends.
            ("P0 Tech Lead by slack, pagerduty, email", 1, 0)
        ]
    );
    assert_eq!(of(&figures, Area::Shown), [("P1 by slack", 2, 0), ("P2 by Alertmanager alone", 1, 0)]);
    assert_eq!(of(&figures, Area::Light), [("black", 1, 541), ("green", 2, 2_159), ("red", 1, 900)]);
    let pain: Vec<_> = of(&figures, Area::Level).into_iter().filter(|(name, ..)| name.starts_with("pain")).collect();
    assert_eq!(pain, [("pain BLOCK", 1, 900), ("pain OK", 2, 2_159), ("pain stale", 1, 541)]);
    assert!(of(&figures, Area::Action).iter().any(|(name, times, _)| *name == "emergency_recovery" && *times > 0));
    assert_eq!(figures.times(Area::Told), 3);
}

#[test]
fn only_the_period_counts_and_what_came_before_is_known() {
    let figures = figures(Period { since: second(700), until: second(1_000) });
    assert_eq!(
        of(&figures, Area::Alert),
        [("P0 PainCriticalHigh", 0, 300), ("P1 PainBlockHigh", 0, 300), ("P2 PainWarnHigh", 1, 280)]
    );
    // The first step was taken at 600 and the second at 900.
    assert_eq!(of(&figures, Area::Told), [("P0 SRE by slack, pagerduty", 1, 0)]);
    assert_eq!(of(&figures, Area::Light), [("red", 0, 300)]);
}

#[test]
fn figures_are_put_side_by_side_and_added_up() {
    let mut one = Figures::default();
    one.count(Area::Told, "P0 SRE".to_owned(), 2);
    one.lasted(Area::Level, "pain OK".to_owned(), Duration::from_secs(5));
    let mut other = one.clone();
    other.count(Area::Told, "P0 SRE".to_owned(), 1);
    other.count(Area::Symbol, "pause".to_owned(), 1);
    let told: Vec<_> = crate::differences(&one, &other)
        .into_iter()
        .map(|it| (it.area, it.name, it.in_force.times, it.candidate.times))
        .collect();
    assert_eq!(told, [(Area::Told, "P0 SRE".to_owned(), 2, 3), (Area::Symbol, "pause".to_owned(), 0, 1)]);
    one.add(&other);
    assert_eq!((one.times(Area::Told), one.times(Area::Symbol)), (5, 1));
}
