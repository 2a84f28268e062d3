//! The state of a subject, and the seams between states. Samples alone classify: silence changes no state.

mod bifurcation;

use std::sync::Arc;

use domain::{Event, EventBody, Score, Seam, SeamKind, Text, Timestamp, Vital, Vitals, Voice};
use rules::{StateRule, States};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::phrases;
use crate::reason;
use crate::slots::{Look, Slots};
use bifurcation::Bifurcation;

/// The state that is none of the rules'.
const UNKNOWN: &str = "UNKNOWN";
/// An intensity that misses being strong by less than this misses it by rounding.
const ROUNDING: f64 = 1e-9;

/// In which state a subject is, and whether it is about to leave it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Phase {
    /// By name; none while it is [`UNKNOWN`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Box<str>>,
    /// Since when; none before the first sample.
    since: Option<Timestamp>,
    /// The latest sample in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latest: Option<Sighting>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    leaving: Option<Box<Leaving>>,
    /// A place for the next one: to leave a state and come back costs no memory.
    #[serde(skip)]
    spare: Option<Box<Leaving>>,
    bifurcation: Bifurcation,
    /// Where the rules have the state of the latest sample.
    #[serde(skip)]
    found: Option<usize>,
    #[serde(skip)]
    look: Look,
}

/// A sample, and who was active then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Sighting {
    at: Timestamp,
    vitals: Vitals,
    #[serde(default, skip_serializing_if = "is_nobody")]
    active: [bool; 7],
}

/// The latest samples were in other states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Leaving {
    /// The state of the latest ones; none for [`UNKNOWN`].
    to: Option<Arc<str>>,
    /// The first of those in a row in it, and its log number.
    since: Timestamp,
    cause: u64,
    /// The last of them.
    latest: Sighting,
    /// All samples since the old state was left, by their states.
    samples: Vec<(Option<Arc<str>>, u32)>,
}

impl Phase {
    /// Puts everything where the rules in force have it. The present state stays until a sample says otherwise.
    pub(crate) fn align(&mut self, context: &Context<'_>, slots: &mut Slots) {
        let states = &context.rules.states;
        self.look = Look::default();
        self.leaving.take_if(|leaving| leaving.to.is_some() && rule(states, leaving.to.as_deref()).is_none());
        self.fill(context, slots);
    }

    /// Classifies a sample: once for each, before [`Phase::step`]. `active` tells which voices are.
    pub(crate) fn sample(&mut self, context: &Context<'_>, slots: &Slots, active: [bool; 7], events: &mut Vec<Event>) {
        if slots.have_stirred_since(&mut self.look) {
            self.found = classify(context.rules, slots);
        }
        let found = self.found.map(|place| context.rules.states.list[place].id.as_str());
        self.since.get_or_insert(context.now);
        let sighting = Sighting { at: context.now, vitals: vitals(slots), active };
        if found == self.state.as_deref() {
            self.latest = Some(sighting);
            self.spare = self.leaving.take().or(self.spare.take());
        } else {
            self.leave(context, sighting);
        }
        self.bifurcation.sample(context, slots, self.state.as_deref(), events);
    }

    /// Draws the seam, once the other state has held for its dwell time.
    pub(crate) fn step(
        &mut self,
        context: &Context<'_>,
        slots: &mut Slots,
        active: [bool; 7],
        events: &mut Vec<Event>,
    ) {
        if self.due(context.rules).is_some_and(|due| due <= context.now)
            && let Some(leaving) = self.leaving.take()
        {
            let seam = self.seam(context, slots, &leaving, active);
            events.push(context.event("seam", EventBody::Seam { seam }));
            (self.since, self.latest) = (Some(leaving.since), Some(leaving.latest));
            self.state = leaving.to.as_deref().map(Box::from);
            self.spare = Some(leaving);
        }
        self.fill(context, slots);
    }

    /// When the other state will have held for its dwell time.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        let leaving = self.leaving.as_ref()?;
        Some(leaving.since.plus(rules.states.dwell(rule(&rules.states, leaving.to.as_deref()))))
    }

    /// How each state stands.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        let states = &context.rules.states;
        let first = classify(context.rules, slots);
        for (place, state) in states.list.iter().enumerate() {
            let is_present = self.state.as_deref() == Some(&state.id);
            let candidate = self.leaving.as_ref().filter(|leaving| leaving.to.as_deref() == Some(&state.id));
            let held = candidate.map(|leaving| context.now.since(leaving.since));
            let dwell = states.dwell(Some(state));
            let says = match held {
                _ if is_present => phrases::state_is_present(),
                Some(held) => phrases::state_dwells(held, dwell),
                None if first.is_some_and(|first| first < place) && state.when.holds(slots.values()) => {
                    phrases::state_comes_later()
                }
                None => phrases::state_is_absent(),
            };
            out.push(RuleNow {
                since: self.since.filter(|_| is_present),
                held_seconds: held.map(|held| held.as_secs_f64()),
                for_seconds: Some(dwell.as_secs_f64()),
                ..RuleNow::new(context, slots, RuleKind::State, &state.id, &state.when, says)
            });
        }
    }

    fn fill(&self, context: &Context<'_>, slots: &mut Slots) {
        slots.set_flag(context.rules.signals.engine.state_transition, self.leaving.is_some());
    }

    /// Takes in a sample in another state.
    fn leave(&mut self, context: &Context<'_>, latest: Sighting) {
        let to = self.found.map(|place| &context.layout.states[place]);
        let leaving = self.leaving.get_or_insert_with(|| {
            let mut new = self.spare.take().unwrap_or_default();
            (new.to, new.since, new.cause) = (to.cloned(), context.now, context.seq);
            new.samples.clear();
            new
        });
        if leaving.to.as_ref() != to {
            (leaving.to, leaving.since, leaving.cause) = (to.cloned(), context.now, context.seq);
        }
        leaving.latest = latest;
        match leaving.samples.iter_mut().find(|(state, _)| state.as_ref() == to) {
            Some((_, samples)) => *samples = samples.saturating_add(1),
            None => leaving.samples.push((to.cloned(), 1)),
        }
    }

    fn seam(&self, context: &Context<'_>, slots: &Slots, leaving: &Leaving, active: [bool; 7]) -> Seam {
        let states = &context.rules.states;
        let (from, to) = (rule(states, self.state.as_deref()), rule(states, leaving.to.as_deref()));
        // Before the first state there was none from which anything could change.
        let nothing = Sighting { at: leaving.latest.at, vitals: Vitals::default(), active };
        let before = self.latest.unwrap_or(nothing);
        let took = leaving.latest.at.since(before.at).as_secs_f64();
        let intensity = distance(before.vitals, leaving.latest.vitals) / 2.0;
        let samples = |is_meant: &dyn Fn(&Option<Arc<str>>) -> bool| -> f64 {
            leaving.samples.iter().filter(|(state, _)| is_meant(state)).map(|(_, count)| f64::from(*count)).sum()
        };
        Seam {
            id: format!("{}-{}.seam", context.partition, leaving.cause),
            from: name(self.state.as_deref()).to_owned(),
            to: name(leaving.to.as_deref()).to_owned(),
            kind: from.and_then(|rule| rule.out).or(to.map(|rule| rule.into)).unwrap_or(SeamKind::Bridge),
            at: leaving.since,
            took,
            before: before.vitals,
            after: leaving.latest.vitals,
            intensity,
            strong: intensity + ROUNDING >= states.strong_from,
            // A change within no time has no speed that could be told.
            velocity: if took > 0.0 { intensity / took } else { 0.0 },
            confidence: samples(&|state| *state == leaving.to) / samples(&|_| true),
            triggers: vec![trigger(context, slots, to, leaving.latest.vitals)],
            voices_before: voices(before.active),
            voices_after: voices(active),
            artifact: None,
        }
    }
}

/// Where the rules have the first state that holds; none where a vital is not known.
fn classify(rules: &rules::Rules, slots: &Slots) -> Option<usize> {
    let values = slots.values();
    if values[..Vital::ALL.len()].iter().any(|vital| vital.is_nan()) {
        return None;
    }
    rules.states.list.iter().position(|state| state.when.holds(values))
}

/// The rule of a state; none for [`UNKNOWN`], and for one that the rules no longer have.
fn rule<'a>(states: &'a States, state: Option<&str>) -> Option<&'a StateRule> {
    states.list.iter().find(|rule| Some(rule.id.as_str()) == state)
}

fn name(state: Option<&str>) -> &str {
    state.unwrap_or(UNKNOWN)
}

/// Why a subject is in a state.
fn trigger(context: &Context<'_>, slots: &Slots, state: Option<&StateRule>, vitals: Vitals) -> Text {
    match state {
        Some(state) => reason::why(context.rules, slots, &state.when),
        None => {
            let missing: Vec<Vital> = Vital::ALL.into_iter().filter(|vital| vitals.get(*vital).is_none()).collect();
            phrases::no_state(&reason::names(context.rules, &missing))
        }
    }
}

fn vitals(slots: &Slots) -> Vitals {
    let mut vitals = Vitals::default();
    for vital in Vital::ALL {
        // What is unknown is no score.
        vitals.set(vital, Score::new(slots.values()[vital.index()]));
    }
    vitals
}

fn voices(active: [bool; 7]) -> Vec<Voice> {
    Voice::ALL.into_iter().filter(|voice| active[voice.index()]).collect()
}

fn is_nobody(active: &[bool; 7]) -> bool {
    *active == [false; 7]
}

/// How far the vitals moved, of those that are known on both sides.
fn distance(before: Vitals, after: Vitals) -> f64 {
    let moved = Vital::ALL.into_iter().filter_map(|vital| {
        let (before, after) = (before.get(vital)?, after.get(vital)?);
        let moved = after.get() - before.get();
        Some(moved * moved)
    });
    // The sum of nothing is a negative zero.
    moved.fold(0.0, |sum: f64, square| sum + square).sqrt()
}

#[cfg(test)]
mod tests;
