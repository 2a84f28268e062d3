use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Score, SignalValue, Signals, Subject, Vital, Vitals};

use super::*;

/// A day of samples, one a second, is judged both ways.
const DAY: u64 = 86_400;
const PARTITION: u16 = 5;

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

struct Recorded {
    seq: u64,
    at: Timestamp,
    sample: Sample,
}

/// Four subjects that wander through all levels; now and then one falls silent, or sends late or ahead of its time.
fn past(seconds: u64) -> Vec<Recorded> {
    let mut dice = Dice(7);
    let mut all = Vec::new();
    let mut seq = 0;
    let subjects: Vec<_> = (0..4).map(|n| Subject::new(&format!("agent-{n}")).unwrap()).collect();
    let mut values = [[0.78, 0.45, 0.75, 0.3]; 4];
    let mut silent = [0u64; 4];
    for second in 0..seconds {
        // A Saturday evening, so that a day holds the maintenance window and a midnight.
        let at = Timestamp::from_millis(1_767_470_400_000 + i64::try_from(second * 1_000 + dice.roll(900)).unwrap());
        for ((subject, values), silent) in subjects.iter().zip(&mut values).zip(&mut silent) {
            for value in values.iter_mut() {
                let step = f64::from(u32::try_from(dice.roll(41)).unwrap()) / 1_000.0 - 0.02;
                *value = (*value + step + (0.5 - *value) * 0.002).clamp(0.0, 1.0);
            }
            if dice.roll(2_000) == 0 {
                *silent = second + dice.roll(300);
            }
            if *silent > second {
                continue;
            }
            seq += 1;
            let shift = match dice.roll(100) {
                0 => Duration::from_secs(90),
                1 => Duration::from_secs(5),
                _ => Duration::ZERO,
            };
            let measured = if dice.roll(300) == 0 { at.plus(Duration::from_secs(20)) } else { at.minus(shift) };
            let vitals = Vital::ALL.into_iter().zip(*values);
            let vitals = vitals.fold(Vitals::default(), |all, (vital, value)| all.with(vital, Score::clamped(value)));
            let drift = f64::from(u32::try_from(dice.roll(100)).unwrap()) / 200.0;
            let signals = Signals::from([("drift".into(), SignalValue::Number(drift))]);
            all.push(Recorded { seq, at, sample: Sample { subject: subject.clone(), at: measured, vitals, signals } });
            // The engine's own events take numbers too.
            seq += dice.roll(3);
        }
    }
    all
}

/// As it goes live: all subjects of the partition in one engine, ticks whenever time is left, and now and then the
/// engine is restored from what it saved.
fn live(past: &[Recorded], end: Timestamp) -> Vec<Event> {
    let rules = Arc::new(Rules::built_in());
    let mut dice = Dice(11);
    let mut engine = Engine::new(PARTITION, Arc::clone(&rules));
    let (mut saved, mut events) = (BTreeMap::new(), Vec::new());
    let mut before = past[0].at;
    for batch in past.chunk_by(|one, other| one.at == other.at) {
        let gap = u64::try_from(batch[0].at.since(before).as_micros()).unwrap();
        for _ in 0..dice.roll(3) {
            before = before.plus(Duration::from_micros(dice.roll(gap.max(1)))).min(batch[0].at);
            engine.step(before, Input::Tick, &mut events);
        }
        for recorded in batch {
            engine.step(recorded.at, Input::Sample(recorded.seq, &recorded.sample), &mut events);
        }
        before = batch[0].at;
        if dice.roll(500) == 0 {
            saved.extend(engine.take_changed());
            let all = saved.clone().into_iter().collect();
            engine = Engine::restore(PARTITION, Arc::clone(&rules), engine.now(), all).unwrap();
        }
    }
    engine.step(super::before(end), Input::Tick, &mut events);
    events
}

/// As a backtest does it: each subject by itself, and no ticks but the last.
fn alone(past: &[Recorded], subject: &Subject, end: Timestamp) -> Vec<Event> {
    let mut engine = Engine::new(PARTITION, Arc::new(Rules::built_in()));
    let mut events = Vec::new();
    for recorded in past.iter().filter(|recorded| recorded.sample.subject == *subject) {
        engine.step(recorded.at, Input::Sample(recorded.seq, &recorded.sample), &mut events);
    }
    engine.step(super::before(end), Input::Tick, &mut events);
    events
}

#[test]
fn a_backtest_concludes_byte_by_byte_what_was_concluded_live() {
    let past = past(DAY);
    let end = past.last().unwrap().at.plus(Duration::from_secs(600));
    let period = Period { since: past[0].at, until: end };
    let live = live(&past, end);
    for number in 0..4 {
        let subject = Subject::new(&format!("agent-{number}")).unwrap();
        let of_subject: Vec<_> = live.iter().filter(|event| event.subject == subject).collect();
        let lines = |events: &[&Event]| -> Vec<_> {
            events.iter().map(|event| serde_json::to_string(event).unwrap()).collect()
        };
        let alone = alone(&past, &subject, end);
        let (then, now) = (lines(&of_subject), lines(&alone.iter().collect::<Vec<_>>()));
        let first = then.iter().zip(&now).position(|(then, now)| then != now);
        assert_eq!(first.map(|first| (&then[first], &now[first])), None, "{subject}");
        assert_eq!(then.len(), now.len(), "{subject}");
        assert!(then.len() > 100, "{subject} is too quiet to prove anything: {} events", then.len());

        let mut tally = Tally::new(period);
        of_subject.iter().for_each(|event| tally.take(event));
        let mut judge = Judge::new(PARTITION, Arc::new(Rules::built_in()), period);
        for recorded in past.iter().filter(|recorded| recorded.sample.subject == subject) {
            judge.sample(recorded.seq, recorded.at, &recorded.sample);
        }
        let differing = crate::differences(&tally.finish(), &judge.finish());
        // Only the engine itself counts what was not done.
        let is_counted = |area| matches!(area, Area::ActionSuppressed | Area::SymbolSuppressed);
        assert!(differing.iter().all(|difference| is_counted(difference.area)), "{differing:?}");
    }
}

#[test]
fn the_figures_of_two_halves_are_those_of_the_whole() {
    let past = past(1_800);
    let moment = |second| past[0].at.plus(Duration::from_secs(second));
    let figures = |since, until| {
        let period = Period { since: moment(since), until: moment(until) };
        let mut judge = Judge::new(PARTITION, Arc::new(Rules::built_in()), period);
        let of_subject = past.iter().filter(|recorded| recorded.sample.subject.as_str() == "agent-2");
        for recorded in of_subject.filter(|recorded| recorded.at < period.until) {
            judge.sample(recorded.seq, recorded.at, &recorded.sample);
        }
        judge.finish()
    };
    let whole = figures(0, 1_800);
    for area in [Area::Alert, Area::Told, Area::Action, Area::ActionSuppressed, Area::Symbol, Area::SymbolSuppressed] {
        assert!(whole.times(area) > 0, "nothing of {area:?} happens");
    }
    let mut halves = figures(0, 700);
    halves.add(&figures(700, 1_800));
    assert_eq!(crate::differences(&whole, &halves), []);
}
