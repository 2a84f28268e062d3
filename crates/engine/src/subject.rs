//! One subject: what a sample, a command, and time do to it.

mod experimenting;
mod explain;
mod silencing;
mod staleness;

use std::time::Duration;

use domain::{
    Action, Chorus, Command, Event, EventBody, Level, Presence, Sample, Score, Timestamp, Verdict, Vital, Vitals,
};
use serde::{Deserialize, Serialize};

use crate::actions::Actions;
use crate::artifact::{self, Postmortems};
use crate::budget::{self, BudgetNow, Budgets};
use crate::context::Context;
use crate::counts::Counts;
use crate::derived::DerivedSignals;
use crate::experiments::Experiments;
use crate::phase::Phase;
use crate::silences::Silences;
use crate::slots::Slots;
use crate::symbols::Symbols;
use crate::timer;
use crate::tones::Tones;
use crate::vital::VitalState;
use crate::voices::Voices;
use crate::watch::{self, Watch};
use crate::windows::Windows;
use silencing::Asked;
use staleness::STALE_RULE;

/// What an earlier version did not save yet begins as in a new subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SubjectState {
    /// The hash of the rules under which its parts lie as they do.
    config_hash: Box<str>,
    /// The last entry of the log that was about it, and until when all is done that time alone brought about.
    seen: u64,
    lived: Timestamp,
    /// The time of the newest judged sample.
    judged: Timestamp,
    /// Its log number, and when it was judged.
    seq: u64,
    judged_at: Timestamp,
    vitals: [Option<VitalState>; 4],
    verdict: Verdict,
    /// Whether the verdict names the rules in force: from the first sample that they judge.
    #[serde(skip)]
    is_hash_told: bool,
    /// The alert on its staleness.
    #[serde(rename = "silence")]
    stale: Option<Watch>,
    /// What people do not want to be told of.
    silences: Silences,
    slots: Slots,
    windows: Windows,
    derived: DerivedSignals,
    voices: Voices,
    actions: Actions,
    symbols: Symbols,
    tones: Tones,
    phase: Phase,
    budgets: Budgets,
    experiments: Experiments,
    postmortems: Postmortems,
    /// What the events about state, tone and voices add up to.
    presence: Presence,
}

/// What became of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Yes,
    /// A newer one was judged already.
    Superseded,
    /// It is older than the staleness time: it tells of the past.
    Late,
}

impl SubjectState {
    /// The log number of the latest judged sample, and when it was judged.
    pub(crate) const fn latest(&self) -> (u64, Timestamp) {
        (self.seq, self.judged_at)
    }

    /// Takes note of an entry about it. False when it had seen that before.
    pub(crate) const fn sees(&mut self, seq: u64) -> bool {
        let is_new = seq > self.seen;
        if is_new {
            self.seen = seq;
        }
        is_new
    }

    /// Until when it has lived.
    pub(crate) const fn lived(&self) -> Timestamp {
        self.lived
    }

    /// It has lived until `now`.
    pub(crate) const fn live(&mut self, now: Timestamp) {
        self.lived = now;
    }

    /// Whether its parts lie as `rules` have them.
    pub(crate) fn is_aligned_to(&self, rules: &rules::Rules) -> bool {
        *self.config_hash == *rules.hash
    }

    /// Puts everything where the rules in force have it; what they no longer know ends.
    pub(crate) fn align(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        self.config_hash = context.rules.hash.as_str().into();
        self.is_hash_told = false;
        self.slots.align(context);
        for vital in Vital::ALL {
            let known = self.vitals[vital.index()].as_ref().filter(|_| !self.is_stale(vital));
            let value = known.map_or(f64::NAN, |state| state.value);
            self.slots.set_vital(vital, value);
        }
        self.fill(context);
        self.windows.align(context, &mut self.slots);
        self.derived.align(context, &mut self.slots, events);
        self.voices.align(context, &mut self.slots, events);
        self.actions.align(context);
        self.symbols.align(context);
        self.tones.align(context, events);
        self.phase.align(context, &mut self.slots);
        self.budgets.align(context, events);
    }

    pub(crate) fn sample(
        &mut self,
        context: &Context<'_>,
        seq: u64,
        sample: &Sample,
        counts: &mut Counts,
        events: &mut Vec<Event>,
    ) -> Judged {
        // A clock that runs ahead must not make the samples of right clocks look old.
        let time = sample.at.min(context.now);
        if time < self.judged {
            return Judged::Superseded;
        }
        if context.now.since(time) >= context.rules.staleness.after {
            return Judged::Late;
        }
        (self.judged, self.seq, self.judged_at) = (time, seq, context.now);
        let mut context = Context { seq, judged_at: context.now, ..*context };
        if context.simulation.is_some() {
            self.release(&context, events);
            context.simulation = self.simulation();
        }
        let context = &context;
        let mut changed = Vec::new();
        for (vital, score) in sample.vitals.present() {
            let band = context.rules.band(vital);
            self.slots.set_vital(vital, score.get());
            let state = self.vitals[vital.index()].get_or_insert_with(|| VitalState::new(score.get(), time, seq));
            (state.value, state.seen, state.cause) = (score.get(), time, seq);
            let before = self.verdict.get(vital);
            let verdict = state.verdict(context, band, before);
            if before != Some(&verdict) {
                *self.verdict.get_mut(vital) = Some(verdict);
                changed.push(vital);
            }
        }
        if !std::mem::replace(&mut self.is_hash_told, true) {
            self.verdict.config_hash.clone_from(&context.rules.hash);
        }
        if !changed.is_empty() {
            events.push(self.levels(context, context.id("levels"), changed));
        }
        self.slots.produce(context, sample, time);
        self.conclude(context, true, counts, events);
        let actions = &self.actions;
        let answers = || answers(actions, context);
        for (vital, _) in sample.vitals.present() {
            if let Some(state) = &mut self.vitals[vital.index()] {
                state.watch(context, context.rules.band(vital), &answers, events);
            }
        }
        self.end_staleness(context, events);
        Judged::Yes
    }

    /// Everything that follows from the present values, in an order in which each part finds what it rests on.
    fn conclude(&mut self, context: &Context<'_>, is_sample: bool, counts: &mut Counts, events: &mut Vec<Event>) {
        self.slots.expire(context);
        self.fill(context);
        let slots = &mut self.slots;
        if is_sample {
            self.windows.sample(context, slots);
        }
        self.windows.step(context, slots);
        self.derived.step(context, slots, self.verdict.is_stale(), events);
        self.voices.step(context, slots, events);
        self.actions.step(context, slots, &mut self.voices, counts, events);
        self.guard_experiment(context, events);
        let slots = &mut self.slots;
        self.voices.conclude(context, events);
        self.symbols.step(context, slots, counts, events);
        self.tones.step(context, slots, events);
        if is_sample {
            self.phase.sample(context, slots, self.voices.active(), events);
        }
        self.phase.step(context, slots, self.voices.active(), events);
        self.budgets.step(context, &self.verdict, events);
    }

    /// What the subject itself knows.
    fn fill(&mut self, context: &Context<'_>) {
        let is_ok = |vital| self.verdict.get(vital).is_some_and(|v| v.level == Level::Ok && !v.stale);
        let are_ok = Vital::ALL.into_iter().all(is_ok);
        let engine = &context.rules.signals.engine;
        self.slots.set_flag(engine.all_vitals_ok, are_ok);
        self.slots.set_flag(engine.experiment_injects, self.experiments.injects());
    }

    /// Takes in what was just told of it, from the event `first` on, and tells what follows from that. Answers whether its
    /// presence changed.
    pub(crate) fn hear(&mut self, context: &Context<'_>, first: usize, events: &mut Vec<Event>) -> bool {
        if events.len() == first {
            return false;
        }
        let context = &Context { seq: self.seq, judged_at: self.judged_at, ..*context };
        self.postmortems.hear(context, self.heard(), self.experiments.id(), (first, events));
        // All of them, also after the first that tells something.
        events[first..].iter().filter(|event| self.presence.apply(&event.body)).count() > 0
    }

    /// A command that is the entry `seq` of the log.
    pub(crate) fn command(&mut self, context: &Context<'_>, seq: u64, command: &Command, events: &mut Vec<Event>) {
        match command {
            Command::Acknowledge { alert, by, note } => self.acknowledge(context, alert, (by, note), events),
            Command::Silence { rule, seconds, by, note } => {
                let asked = Asked { rule: rule.as_deref(), lasts: Duration::from_secs(*seconds), by, note };
                self.begin_silence(context, seq, asked, events);
            }
            Command::Unsilence { silence, by } => self.end_silence(context, silence, by.as_deref(), events),
            Command::Deliver { action, delivery } => self.actions.deliver(context, action, *delivery, events),
            Command::Experiment { .. } | Command::Steer { .. } | Command::Conclude { .. } => {
                self.command_experiments(context, seq, command, events);
            }
            Command::Record { .. } => events.extend(artifact::kept(context, seq, command)),
        }
    }

    fn acknowledge(&mut self, context: &Context<'_>, id: &str, (by, note): (&str, &str), events: &mut Vec<Event>) {
        let stale = self.stale.as_mut().and_then(Watch::alert_mut).filter(|alert| alert.id == id);
        let alert = stale.or_else(|| self.vitals.iter_mut().flatten().find_map(|vital| vital.alert_mut(id)));
        let alert = alert.or_else(|| self.budgets.alert_mut(id));
        events.extend(alert.and_then(|alert| watch::acknowledge(alert, by, note, context.now)));
    }

    /// Does what time alone brings about at `context.now`.
    pub(crate) fn elapse(&mut self, context: &Context<'_>, counts: &mut Counts, events: &mut Vec<Event>) {
        // First of all: what opens now is muted no more.
        self.expire_silences(context, events);
        let silences = self.silences.clone();
        let context = &Context { silences: &silences, ..*context };
        self.fall_silent(context, events);
        self.conclude(context, false, counts, events);
        let actions = &self.actions;
        let answers = || answers(actions, context);
        for vital in Vital::ALL {
            let is_stale = self.verdict.get(vital).is_some_and(|verdict| verdict.stale);
            if let Some(state) = &mut self.vitals[vital.index()] {
                state.elapse(context, context.rules.band(vital), is_stale, &answers, events);
            }
        }
        self.end_staleness(context, events);
        if let Some(watch) = &mut self.stale {
            watch.elapse(context, events);
        }
    }

    /// When time alone will next bring something about.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        let (mut due, mut heard) = (None, None);
        for (vital, state) in Vital::ALL.into_iter().zip(&self.vitals) {
            let Some(state) = state else { continue };
            let is_stale = self.is_stale(vital);
            if !is_stale {
                timer::sooner(&mut heard, state.seen);
            }
            state.due(rules, rules.band(vital), is_stale).into_iter().for_each(|at| timer::sooner(&mut due, at));
        }
        let stale = heard.map(|seen| seen.plus(rules.staleness.after));
        let parts = [
            due,
            stale,
            self.stale.as_ref().and_then(|watch| watch.due(rules)),
            self.silences.due(),
            self.slots.due(rules),
            self.windows.due(),
            self.derived.due(),
            self.voices.due(),
            self.actions.due(),
            self.phase.due(rules),
            self.budgets.due(rules),
            self.experiments.due(),
        ];
        parts.into_iter().flatten().min()
    }

    /// The latest judged values.
    pub(crate) fn vitals(&self) -> Vitals {
        let mut vitals = Vitals::default();
        for (vital, state) in Vital::ALL.into_iter().zip(&self.vitals) {
            vitals.set(vital, state.as_ref().and_then(|state| Score::new(state.value)));
        }
        vitals
    }

    /// The same without those that are stale.
    fn heard(&self) -> Vitals {
        let mut vitals = self.vitals();
        for vital in Vital::ALL.into_iter().filter(|vital| self.is_stale(*vital)) {
            vitals.set(vital, None);
        }
        vitals
    }

    pub(crate) const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// How the subject is besides its levels.
    pub(crate) const fn presence(&self) -> &Presence {
        &self.presence
    }

    /// How its objectives stand at `now`.
    pub(crate) fn budgets(&self, rules: &rules::Rules, now: Timestamp) -> Vec<BudgetNow> {
        self.budgets.now(rules, now)
    }

    /// How its voices stand, with present numbers.
    pub(crate) fn chorus(&self, rules: &rules::Rules) -> Chorus {
        self.voices.chorus(rules)
    }

    /// The actions that the webhooks have not taken yet.
    pub(crate) fn pending_actions(&self) -> &[Action] {
        self.actions.pending()
    }

    fn is_stale(&self, vital: Vital) -> bool {
        self.verdict.get(vital).is_some_and(|verdict| verdict.stale)
    }

    fn levels(&self, context: &Context<'_>, id: String, changed: Vec<Vital>) -> Event {
        let body = EventBody::Levels { changed, verdict: self.verdict.clone() };
        Event { id, subject: context.subject.clone(), at: context.now, body }
    }
}

/// The names of all rules that alert.
pub fn alert_rules(rules: &rules::Rules) -> Vec<String> {
    let edges = rules.bands.iter().flat_map(|band| &band.edges).map(|edge| edge.rule.clone());
    edges.chain([STALE_RULE.to_owned()]).chain(budget::burn_rules(rules)).collect()
}

/// The automatic actions that answer what is wrong now.
fn answers(actions: &Actions, context: &Context<'_>) -> Vec<String> {
    actions.taken_lately(context.rules, context.now).map(str::to_owned).collect()
}
