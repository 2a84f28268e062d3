//! Same input, byte-identical events: however often time is told, and wherever the engine is stopped and restored.

use std::sync::LazyLock;
use std::time::Duration;

use domain::{Experiment, Outcome, SignalValue, StopCondition};
use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Happening {
    Sample {
        subject: u8,
        lag: f64,
        vitals: Vec<(Vital, f64)>,
        signals: Vec<(&'static str, f64)>,
    },
    Acknowledge {
        subject: u8,
        of_event: usize,
    },
    Silence {
        subject: u8,
        rule: Option<&'static str>,
        seconds: u64,
    },
    Experiment {
        subject: u8,
        simulated: Option<Simulated>,
        seconds: u64,
    },
    /// The one that was asked for so many entries ago, if that was one.
    Steer {
        subject: u8,
        entries_ago: u64,
        dose: u8,
    },
    /// As above.
    Conclude {
        subject: u8,
        entries_ago: u64,
    },
    /// Ends one that was asked for so many entries ago, if that was one.
    Unsilence {
        subject: u8,
        entries_ago: u64,
    },
}

fn happenings() -> impl Strategy<Value = Vec<(f64, Happening)>> {
    let vital = prop::sample::select(Vital::ALL.to_vec());
    let value = prop_oneof![0.0..=1.0f64, prop::sample::select(vec![0.3, 0.5, 0.6, 0.7, 0.701, 0.95])];
    let lag = prop_oneof![Just(0.0), -100.0..100.0f64];
    let signal = prop::sample::select(vec![
        ("accuracy", 0.5),
        ("accuracy", 0.95),
        ("complexity", 0.7),
        ("drift", 0.4),
        ("ethical_violation_detected", 0.0),
        ("ethical_violation_detected", 1.0),
        ("system_chaos", 0.8),
        ("truth_violations", 2.0),
    ]);
    let sample = (0..3u8, lag, prop::collection::vec((vital, value), 1..5), prop::collection::vec(signal, 0..4))
        .prop_map(|(subject, lag, vitals, signals)| Happening::Sample { subject, lag, vitals, signals });
    let acknowledge = (0..3u8, 0..40usize).prop_map(|(subject, of_event)| Happening::Acknowledge { subject, of_event });
    let rule = prop::sample::select(vec![None, Some("pain_critical_high"), Some("stale"), Some("chaos_block_high")]);
    let silence =
        (0..3u8, rule, 1..300u64).prop_map(|(subject, rule, seconds)| Happening::Silence { subject, rule, seconds });
    let unsilence = (0..3u8, 1..6u64).prop_map(|(subject, entries_ago)| Happening::Unsilence { subject, entries_ago });
    let simulated = prop::sample::select(vec![None, Some(Simulated::Inbox), Some(Simulated::People)]);
    let experiment = (0..3u8, simulated, 1..300u64).prop_map(|(subject, simulated, seconds)| Happening::Experiment {
        subject,
        simulated,
        seconds,
    });
    let steer = (0..3u8, 1..6u64, 0..12u8).prop_map(|(subject, entries_ago, dose)| Happening::Steer {
        subject,
        entries_ago,
        dose,
    });
    let conclude = (0..3u8, 1..6u64).prop_map(|(subject, entries_ago)| Happening::Conclude { subject, entries_ago });
    let pause = prop_oneof![4 => 0.0..3.0f64, 1 => 3.0..200.0f64];
    let people = prop_oneof![2 => acknowledge, 2 => silence, 1 => unsilence];
    let runner = prop_oneof![2 => experiment, 2 => steer, 1 => conclude];
    prop::collection::vec((pause, prop_oneof![18 => sample, 5 => people, 5 => runner]), 1..80)
}

/// The shipped ones, with subjects on which experiments may run, acknowledgements that lapse soon, and a maintenance window a few minutes after the beginning.
fn rules() -> Rules {
    let mut rules = Rules::built_in();
    rules.escalation.anytime.push(rules::SubjectPattern { name: "s".to_owned(), is_beginning: true });
    rules.escalation.acknowledge_timeouts = [Duration::from_secs(45); 3];
    rules.escalation.maintenance[0].begins = Duration::from_secs(3 * 86_400 + 300);
    rules.escalation.maintenance[0].lasts = Duration::from_secs(600);
    rules
}

/// What comes between the entries of a log.
#[derive(Clone, Copy)]
enum Between {
    Nothing,
    /// Time is told so many times.
    Ticks(u32),
    /// Before one entry the engine is saved and restored.
    Restored(usize),
    /// Before every entry.
    AlwaysRestored,
    /// Before each entry that bit of the number says what was saved: all, or who was told of. Before one entry the engine is
    /// restored, and reads again what came since all was saved.
    SavedInPart(u64, usize),
}

/// An entry of the log.
enum Entry {
    Sample(Sample),
    Command(Subject, Command),
}

impl Entry {
    fn give(&self, engine: &mut Engine, (now, seq): (f64, u64), events: &mut Vec<Event>) {
        match self {
            Self::Sample(sample) => engine.step(moment(now), Input::Sample(seq, sample), events),
            Self::Command(subject, command) => {
                engine.step(moment(now), Input::Command(seq, subject, command), events);
            }
        }
    }
}

/// What a crash leaves.
#[derive(Default)]
struct Saved {
    subjects: std::collections::BTreeMap<Subject, String>,
    /// When all was saved, and what came since.
    now: Timestamp,
    since: Vec<((f64, u64), Entry)>,
    /// How many events were written.
    written: usize,
}

impl Saved {
    fn all(&mut self, engine: &mut Engine, events: &[Event]) {
        self.subjects.extend(engine.take_changed());
        self.since.clear();
        (self.now, self.written) = (engine.now(), events.len());
    }

    fn told(&mut self, engine: &mut Engine, events: &[Event]) {
        self.subjects.extend(engine.take_told(&events[self.written..]));
        self.written = events.len();
    }

    /// Goes on from what was saved, and says nothing on the way.
    fn restore(&self, rules: &Arc<Rules>) -> Engine {
        let mut engine =
            Engine::restore(1, rules.clone(), self.now, self.subjects.clone().into_iter().collect()).unwrap();
        let mut told = Vec::new();
        self.since.iter().for_each(|(place, entry)| entry.give(&mut engine, *place, &mut told));
        assert_eq!(told, []);
        engine
    }
}

fn run(log: &[(f64, Happening)], between: Between) -> Vec<String> {
    static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| Arc::new(rules()));
    let rules = RULES.clone();
    let mut engine = Engine::new(1, rules.clone());
    let mut saved = Saved::default();
    let (mut events, mut now) = (Vec::new(), 0.0);
    for (index, (pause, happening)) in log.iter().enumerate() {
        match between {
            Between::SavedInPart(all, _) if all >> (index % 64) & 1 == 0 => saved.told(&mut engine, &events),
            _ => saved.all(&mut engine, &events),
        }
        match between {
            Between::Ticks(ticks) => (0..ticks).map(|tick| f64::from(tick) / f64::from(ticks)).for_each(|share| {
                engine.step(moment(now + pause * share), Input::Tick, &mut events);
            }),
            Between::Restored(stop) | Between::SavedInPart(_, stop) if stop != index => {}
            Between::Restored(_) | Between::AlwaysRestored | Between::SavedInPart(..) => engine = saved.restore(&rules),
            Between::Nothing => {}
        }
        now += pause;
        let seq = index as u64 + 1;
        let entry = entry(happening, &mut engine, (now, seq), &mut events);
        entry.give(&mut engine, (now, seq), &mut events);
        saved.since.push(((now, seq), entry));
    }
    engine.step(moment(now + 4_000.0), Input::Tick, &mut events);
    events.iter().map(|event| serde_json::to_string(event).unwrap()).collect()
}

fn entry(happening: &Happening, engine: &mut Engine, (now, seq): (f64, u64), events: &mut Vec<Event>) -> Entry {
    let ask = |subject: u8, command| Entry::Command(Subject::new(&format!("s{subject}")).unwrap(), command);
    match happening {
        Happening::Sample { subject, lag, vitals, signals } => {
            let mut sample = sample(&format!("s{subject}"), now - lag, vitals);
            let number = |(name, value): &(&str, f64)| ((*name).into(), SignalValue::Number(*value));
            sample.signals = signals.iter().map(number).collect();
            Entry::Sample(sample)
        }
        Happening::Acknowledge { subject, of_event } => {
            engine.step(moment(now), Input::Tick, events);
            let id = events.iter().rev().nth(*of_event).map_or("none", |event: &Event| event.id.as_str());
            let alert = id.rsplit_once('.').map_or("none", |(alert, _)| alert).to_owned();
            ask(*subject, Command::Acknowledge { alert, by: "Ann".to_owned(), note: String::new() })
        }
        Happening::Silence { subject, rule, seconds } => {
            let (rule, by) = (rule.map(str::to_owned), "Ann".to_owned());
            ask(*subject, Command::Silence { rule, seconds: *seconds, by, note: String::new() })
        }
        Happening::Experiment { subject, simulated, seconds } => {
            let stop =
                [(Vital::Pain, 0.6)].map(|(vital, bar)| StopCondition { vital, above: Score::new(bar), below: None });
            let (name, by, stop) = ("play".to_owned(), "Ann".to_owned(), stop.into());
            ask(*subject, Command::Experiment { name, simulated: *simulated, seconds: *seconds, stop, by })
        }
        Happening::Steer { subject, entries_ago, dose } => {
            let experiment = Experiment::id_of(1, seq.saturating_sub(*entries_ago));
            ask(*subject, Command::Steer { experiment, phase: "injection".to_owned(), dose: *dose })
        }
        Happening::Conclude { subject, entries_ago } => {
            let experiment = Experiment::id_of(1, seq.saturating_sub(*entries_ago));
            let (outcome, note) = (Outcome::Passed, String::new());
            ask(*subject, Command::Conclude { experiment, outcome, by: None, note })
        }
        Happening::Unsilence { subject, entries_ago } => {
            let silence = format!("1-{}.silence", seq.saturating_sub(*entries_ago));
            ask(*subject, Command::Unsilence { silence, by: None })
        }
    }
}

proptest! {
    // Each case runs a log several times over.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_same_log_gives_the_same_bytes(log in happenings(), ticks in 1..8u32, stop in 0..80usize, all: u64) {
        let plain = run(&log, Between::Nothing);
        prop_assert_eq!(&plain, &run(&log, Between::Nothing));
        prop_assert_eq!(&plain, &run(&log, Between::Ticks(ticks)), "time was told oftener");
        prop_assert_eq!(&plain, &run(&log, Between::Restored(stop)), "stopped and restored");
        // About every eighth time.
        let all = all & all.rotate_left(7) & all.rotate_left(29);
        prop_assert_eq!(&plain, &run(&log, Between::SavedInPart(all, stop)), "saved in part, and restored");
    }

    /// What was restored asks all conditions, what goes on only those that may have changed.
    #[test]
    fn nothing_that_is_not_asked_has_changed(log in happenings()) {
        prop_assert!(run(&log, Between::Nothing) == run(&log, Between::AlwaysRestored));
    }

    #[test]
    fn every_event_has_its_own_id_and_every_alert_one_end(log in happenings()) {
        let events = run(&log, Between::Nothing);
        let parsed: Vec<Event> = events.iter().map(|json| serde_json::from_str(json).unwrap()).collect();
        let mut ids: Vec<&str> = parsed.iter().map(|event| event.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), parsed.len());
        let mut open = std::collections::BTreeMap::new();
        for event in &parsed {
            let EventBody::Alert { change, alert } = &event.body else { continue };
            match change {
                domain::AlertChange::Opened => prop_assert!(open.insert(alert.id.clone(), ()).is_none()),
                domain::AlertChange::Resolved => prop_assert!(open.remove(&alert.id).is_some()),
                _ => prop_assert!(open.contains_key(&alert.id)),
            }
            // Of those that were simulated nothing is left when that is over.
            if *change == domain::AlertChange::Resolved && alert.simulated.is_none() {
                prop_assert!(alert.resolved_at.unwrap() >= alert.opened_at.plus(Duration::from_secs(5)));
            }
        }
    }
}
