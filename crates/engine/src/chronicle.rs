//! For tests: the engine and one subject. Seconds and values by name in, lines out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use conditions::{Condition, Kind, Range};
use domain::{Command, Event, EventBody, Sample, Score, SignalValue, Signals, Subject, Text, Timestamp, Vital, Vitals};
use rules::{Derived, Rules};
use serde::de::DeserializeOwned;

use crate::engine::{Engine, Input};
use crate::view::{View, Views};

/// All four vitals within OK, in no state that has a name but BALANCED.
pub(crate) const OK: [(&str, f64); 4] = [("clarity", 0.75), ("chaos", 0.35), ("trust", 0.7), ("pain", 0.35)];

pub(crate) struct Chronicle {
    pub(crate) rules: Arc<Rules>,
    engine: Engine,
    /// The kinds of events that become lines.
    kinds: &'static [&'static str],
    seq: u64,
    saved: BTreeMap<Subject, String>,
    pub(crate) events: Vec<Event>,
}

impl Chronicle {
    pub(crate) fn of(kinds: &'static [&'static str]) -> Self {
        Self::with(Rules::built_in(), kinds)
    }

    pub(crate) fn with(rules: Rules, kinds: &'static [&'static str]) -> Self {
        let rules = Arc::new(rules);
        let engine = Engine::new(3, Arc::clone(&rules));
        Self { rules, engine, kinds, seq: 0, saved: BTreeMap::new(), events: Vec::new() }
    }

    /// A sample at `seconds`, and what came until then and of it.
    pub(crate) fn at(&mut self, seconds: f64, values: &[(&str, f64)]) -> Vec<String> {
        self.seq += 1;
        let sample = sample(seconds, values);
        self.step(seconds, Input::Sample(self.seq, &sample))
    }

    /// The same sample every `every` seconds, from `from` until before `to`.
    pub(crate) fn repeat(&mut self, from: f64, to: f64, every: f64, values: &[(&str, f64)]) -> Vec<String> {
        let mut lines = Vec::new();
        let mut seconds = from;
        while seconds < to {
            lines.extend(self.at(seconds, values));
            seconds += every;
        }
        lines
    }

    /// What time alone brings about until `seconds`.
    pub(crate) fn tick(&mut self, seconds: f64) -> Vec<String> {
        self.step(seconds, Input::Tick)
    }

    pub(crate) fn acknowledge(&mut self, seconds: f64, alert: &str) -> Vec<String> {
        self.command(
            seconds,
            &Command::Acknowledge { alert: alert.to_owned(), by: "Ann".to_owned(), note: String::new() },
        )
    }

    pub(crate) fn command(&mut self, seconds: f64, command: &Command) -> Vec<String> {
        self.seq += 1;
        self.step(seconds, Input::Command(self.seq, &subject(), command))
    }

    /// Goes on in an engine that was restored from what this one has saved.
    pub(crate) fn restore(&mut self) {
        self.save();
        let saved = self.saved.clone().into_iter().collect();
        self.engine = Engine::restore(3, Arc::clone(&self.rules), self.engine.now(), saved).unwrap();
    }

    /// Goes on from what was saved, as a version had saved it that did not know this part.
    pub(crate) fn forget(&mut self, part: &str) {
        self.save();
        let saved = self.saved.get_mut(&subject()).unwrap();
        let mut state: BTreeMap<String, serde_json::Value> = serde_json::from_str(saved).unwrap();
        assert!(state.remove(part).is_some(), "there is no `{part}`");
        *saved = serde_json::to_string(&state).unwrap();
        self.restore();
    }

    /// Goes on under other rules.
    pub(crate) fn adopt(&mut self, rules: Rules) {
        self.rules = Arc::new(rules);
        self.engine.adopt(Arc::clone(&self.rules));
    }

    /// What is saved of the subject under a name.
    pub(crate) fn part<T: DeserializeOwned>(&mut self, name: &str) -> T {
        serde_json::from_str(&self.part_text(name)).unwrap()
    }

    /// The same as it is saved.
    pub(crate) fn part_text(&mut self, name: &str) -> String {
        self.save();
        let state: BTreeMap<String, serde_json::Value> = serde_json::from_str(&self.saved[&subject()]).unwrap();
        state[name].to_string()
    }

    /// The subject as others look at it at `seconds`.
    pub(crate) fn view(&mut self, seconds: f64) -> View {
        self.save();
        let views = Views::new(Arc::clone(&self.rules));
        views.of(subject(), self.engine.now(), moment(seconds), &self.saved[&subject()]).unwrap()
    }

    /// How a rule stands while the engine runs: both languages of what follows, and what its condition says.
    pub(crate) fn explain(&mut self, seconds: f64, rule: &str) -> [String; 3] {
        self.tick(seconds);
        let all = self.view(seconds).explain();
        let now = all.into_iter().find(|now| now.rule == rule).unwrap_or_else(|| panic!("no rule `{rule}`"));
        [now.state.en, now.state.ru, now.why.en]
    }

    fn save(&mut self) {
        self.saved.extend(self.engine.take_changed());
    }

    fn step(&mut self, seconds: f64, input: Input<'_>) -> Vec<String> {
        let before = self.events.len();
        self.engine.step(moment(seconds), input, &mut self.events);
        let told = self.events[before..].iter().filter(|event| self.kinds.contains(&event.body.kind()));
        told.map(line).collect()
    }
}

/// Adds a derived signal that is told of and true as long as its condition holds.
pub(crate) fn derive(rules: &mut Rules, name: &str, when: &str) {
    let vocabulary = &mut rules.signals.vocabulary;
    let when = Condition::parse(when, vocabulary).unwrap();
    let slot = vocabulary.add(name, Kind::Flag, Range::ANY).unwrap();
    let (title, hold, keep) = (Text::new(name, name), Duration::ZERO, Duration::ZERO);
    rules.signals.derived.push(Derived {
        name: name.to_owned(),
        title,
        slot,
        duration: None,
        when,
        hold,
        keep,
        is_told: true,
    });
}

/// 2026-01-01T00:00:00Z, a Thursday, and so many seconds.
pub(crate) fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000 + (seconds * 1e6) as i64)
}

pub(crate) fn seconds(moment: Timestamp) -> f64 {
    (moment.as_micros() - 1_767_225_600_000_000) as f64 / 1e6
}

fn subject() -> Subject {
    Subject::new("agent-7").unwrap()
}

fn sample(at: f64, values: &[(&str, f64)]) -> Sample {
    let (mut vitals, mut signals) = (Vitals::default(), Signals::new());
    for (name, value) in values {
        match Vital::from_name(name) {
            Some(vital) => vitals.set(vital, Some(Score::new(*value).unwrap())),
            None => _ = signals.insert((*name).into(), SignalValue::Number(*value)),
        }
    }
    Sample { subject: subject(), at: moment(at), vitals, signals }
}

/// One event as a person would tell it.
fn line(event: &Event) -> String {
    let at = seconds(event.at);
    match &event.body {
        EventBody::Signal { signal, value, .. } => format!("{at}: {signal} {value}"),
        EventBody::Voice { voice, stood_down, .. } => match stood_down {
            None => format!("{at}: {} begins", voice.name()),
            Some(how) => format!("{at}: {} ends {how:?}", voice.name()),
        },
        EventBody::Seam { seam } => format!("{at}: {} to {}, {:?}", seam.from, seam.to, seam.kind),
        EventBody::Bifurcation { states, .. } => format!("{at}: near {}", states.join(", ")),
        EventBody::Account { vital, from, good, bad } => {
            format!("{at}: {vital} from {}: {good} good, {bad} bad", seconds(*from))
        }
        EventBody::Alert { change, alert } => format!("{at}: {} {change:?}", alert.rule),
        other => format!("{at}: {}", other.kind()),
    }
}
