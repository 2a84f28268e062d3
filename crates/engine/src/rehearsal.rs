//! For tests: the voices, actions, symbols and tones of one subject alone, with values set by name. Seconds and values
//! in, lines out.

use std::sync::LazyLock;

use domain::{Delivery, Event, EventBody, Subject, Timestamp};
use rules::Rules;

use crate::actions::Actions;
use crate::context::Context;
use crate::counts::{Counted, Counts};
use crate::explain::RuleNow;
use crate::layout::Layout;
use crate::silences::Silences;
use crate::slots::Slots;
use crate::symbols::Symbols;
use crate::tones::Tones;
use crate::voices::Voices;

pub(crate) struct Rehearsal {
    pub(crate) rules: Rules,
    layout: Layout,
    /// The kinds of events that become lines.
    kinds: &'static [&'static str],
    subject: Subject,
    now: Timestamp,
    judged_at: Timestamp,
    seq: u64,
    slots: Slots,
    pub(crate) voices: Voices,
    pub(crate) actions: Actions,
    symbols: Symbols,
    tones: Tones,
    counts: Counts,
    pub(crate) events: Vec<Event>,
}

impl Rehearsal {
    pub(crate) fn of(kinds: &'static [&'static str]) -> Self {
        // Tables of rules make many of them.
        static RULES: LazyLock<Rules> = LazyLock::new(Rules::built_in);
        Self::with(RULES.clone(), kinds)
    }

    pub(crate) fn with(rules: Rules, kinds: &'static [&'static str]) -> Self {
        let mut rehearsal = Self {
            layout: Layout::new(&rules),
            rules,
            kinds,
            subject: Subject::new("agent-7").unwrap(),
            now: moment(0.0),
            judged_at: moment(0.0),
            seq: 0,
            slots: Slots::default(),
            voices: Voices::default(),
            actions: Actions::default(),
            symbols: Symbols::default(),
            tones: Tones::default(),
            counts: Counts::default(),
            events: Vec::new(),
        };
        rehearsal.align(&[]);
        rehearsal
    }

    /// A sample at `seconds` with these values, and what it led to. What was said before about other names holds.
    pub(crate) fn at(&mut self, seconds: f64, values: &[(&str, f64)]) -> Vec<String> {
        let mut lines = self.tick(seconds);
        self.set(values);
        self.seq += 1;
        (self.now, self.judged_at) = (moment(seconds), moment(seconds));
        lines.extend(self.lines(Self::run));
        lines
    }

    /// What time alone brings about until `seconds`, each thing at its own moment.
    pub(crate) fn tick(&mut self, seconds: f64) -> Vec<String> {
        let mut lines = Vec::new();
        while let Some(due) = self.voices.due().into_iter().chain(self.actions.due()).min()
            && due <= moment(seconds)
        {
            assert!(due > self.now || self.seq == 0, "a timer must lie ahead");
            self.now = due;
            lines.extend(self.lines(Self::run));
        }
        self.now = self.now.max(moment(seconds));
        lines
    }

    /// Saves everything, restores it, and goes on under the present rules.
    pub(crate) fn restore(&mut self) -> Vec<String> {
        self.voices = again(&self.voices);
        self.actions = again(&self.actions);
        self.symbols = again(&self.symbols);
        self.tones = again(&self.tones);
        self.layout = Layout::new(&self.rules);
        let values: Vec<(String, f64)> = self.named().collect();
        self.lines(|rehearsal| {
            let values: Vec<(&str, f64)> = values.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            rehearsal.align(&values);
        })
    }

    pub(crate) fn deliver(&mut self, seconds: f64, action: &str, delivery: Delivery) -> Vec<String> {
        self.now = moment(seconds);
        self.lines(|rehearsal| {
            rehearsal.go(|parts, context| parts.actions.deliver(context, action, delivery, parts.events))
        })
    }

    pub(crate) fn counted(&mut self) -> Vec<Counted> {
        self.counts.take(&self.layout)
    }

    pub(crate) fn value(&self, name: &str) -> f64 {
        let (slot, _) = self.rules.signals.vocabulary.get(name).unwrap();
        self.slots.values()[slot.index()]
    }

    pub(crate) fn taken_lately(&self) -> Vec<&str> {
        self.actions.taken_lately(&self.rules, self.now).collect()
    }

    /// How the rule of this name stands.
    pub(crate) fn explain(&mut self, rule: &str) -> RuleNow {
        let mut all = Vec::new();
        self.go(|parts, context| {
            parts.voices.explain(context, parts.slots, &mut all);
            parts.actions.explain(context, parts.slots, &mut all);
            parts.symbols.explain(context, parts.slots, &mut all);
            parts.tones.explain(context, parts.slots, &mut all);
        });
        all.into_iter().find(|now| now.rule == rule).unwrap()
    }

    /// The saved state of all parts, by which two rehearsals can be compared.
    pub(crate) fn saved(&self) -> String {
        serde_json::to_string(&(&self.voices, &self.actions, &self.symbols, &self.tones)).unwrap()
    }

    fn align(&mut self, values: &[(&str, f64)]) {
        self.counts.align(&self.layout);
        self.go(|parts, context| parts.slots.align(context));
        self.set(values);
        self.go(|parts, context| {
            parts.voices.align(context, parts.slots, parts.events);
            parts.actions.align(context);
            parts.symbols.align(context);
            parts.tones.align(context, parts.events);
        });
    }

    fn run(&mut self) {
        self.go(|parts, context| {
            parts.voices.step(context, parts.slots, parts.events);
            parts.actions.step(context, parts.slots, parts.voices, parts.counts, parts.events);
            parts.voices.conclude(context, parts.events);
            parts.symbols.step(context, parts.slots, parts.counts, parts.events);
            parts.tones.step(context, parts.slots, parts.events);
        });
    }

    fn set(&mut self, values: &[(&str, f64)]) {
        for (name, value) in values {
            let (slot, _) = self.rules.signals.vocabulary.get(name).unwrap_or_else(|| panic!("no signal `{name}`"));
            self.slots.set(slot, *value);
        }
    }

    fn named(&self) -> impl Iterator<Item = (String, f64)> {
        let vocabulary = &self.rules.signals.vocabulary;
        let engine = &self.rules.signals.engine;
        let own = [engine.conflict_detected, engine.multiple_voices_active, engine.harmony, engine.synthesis_readiness];
        let own: Vec<_> = own.into_iter().chain(engine.active).chain(engine.leads).collect();
        // The parts fill in their own slots again.
        let others = self
            .slots
            .values()
            .iter()
            .enumerate()
            .filter(move |(index, _)| own.iter().all(|slot| slot.index() != *index));
        others.map(|(index, value)| (vocabulary.name(conditions::Slot(index as u16)).to_owned(), *value))
    }

    fn lines(&mut self, change: impl FnOnce(&mut Self)) -> Vec<String> {
        let before = self.events.len();
        change(self);
        let told = self.events[before..].iter().filter(|event| self.kinds.contains(&event.body.kind()));
        told.map(line).collect()
    }

    fn go(&mut self, change: impl FnOnce(Parts<'_>, &Context<'_>)) {
        let Self { rules, layout, subject, slots, voices, actions, symbols, tones, counts, events, .. } = self;
        let (now, seq, judged_at) = (self.now, self.seq, self.judged_at);
        let context = Context {
            partition: 3,
            subject,
            rules,
            layout,
            now,
            silences: Silences::NONE,
            simulation: None,
            seq,
            judged_at,
        };
        change(Parts { slots, voices, actions, symbols, tones, counts, events }, &context);
    }
}

struct Parts<'a> {
    slots: &'a mut Slots,
    voices: &'a mut Voices,
    actions: &'a mut Actions,
    symbols: &'a mut Symbols,
    tones: &'a mut Tones,
    counts: &'a mut Counts,
    events: &'a mut Vec<Event>,
}

fn again<T: serde::Serialize + serde::de::DeserializeOwned>(part: &T) -> T {
    serde_json::from_str(&serde_json::to_string(part).unwrap()).unwrap()
}

pub(crate) fn moment(seconds: f64) -> Timestamp {
    Timestamp::from_micros(1_767_225_600_000_000 + (seconds * 1e6) as i64)
}

fn seconds(moment: Timestamp) -> f64 {
    (moment.as_micros() - 1_767_225_600_000_000) as f64 / 1e6
}

/// One event as a person would tell it.
fn line(event: &Event) -> String {
    let at = seconds(event.at);
    match &event.body {
        EventBody::Voice { voice, activation, stood_down } => match stood_down {
            None => format!("{at}: {} begins by {}", voice.name(), activation.by),
            Some(how) => format!("{at}: {} ends {how:?}", voice.name()),
        },
        EventBody::Conflict { conflict, over, .. } => {
            let [one, other] = conflict.between.map(domain::Voice::name);
            format!("{at}: {one} and {other} {} at {}", if *over { "agree" } else { "disagree" }, conflict.intensity)
        }
        EventBody::Chorus { chorus } => {
            format!("{at}: chorus led by {}", chorus.leader.map_or("nobody", domain::Voice::name))
        }
        EventBody::Action { action } => {
            format!("{at}: {} {:?} {:?}", action.action, action.reach, action.delivery)
        }
        EventBody::Symbol { symbol, voice, .. } => format!("{at}: {symbol} by {}", voice.name()),
        EventBody::Tone { from, tone, .. } => {
            format!("{at}: {from} to {} of {}", tone.tone, tone.voice.map_or("nobody", domain::Voice::name))
        }
        other => format!("{at}: {}", other.kind()),
    }
}
