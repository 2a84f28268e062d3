//! An experiment on the subject: held within its limits while it runs, and ended. Who runs it is somebody else: he says what
//! he does, and is heard here.

mod wording;

use domain::{
    Event, EventBody, Experiment, ExperimentChange, ExperimentEnd, Outcome, Simulated, StopCondition, Text, Timestamp,
    limits,
};
use rules::Interference;
use serde::{Deserialize, Serialize};

use crate::actions::Actions;
use crate::context::Context;
use crate::slots::Slots;

/// What is known of the experiments on a subject. Most subjects have none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Experiments {
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<Box<Running>>,
    /// The one that is over, as long as the subject is simulated: its runner may still bring it to rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<Box<Experiment>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Running {
    experiment: Experiment,
    /// When its runner was heard of at last.
    heard: Timestamp,
    /// When the window closes in which it may run; none for one that may run at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window: Option<Timestamp>,
    /// Until when an action holds its injection back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<Timestamp>,
}

/// That nothing real is behind a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Simulation {
    /// How far it reaches.
    pub(crate) reach: Simulated,
    /// Its experiment is over: what still comes brings the subject to rest.
    pub(crate) is_over: bool,
}

/// What an experiment is held against.
#[derive(Clone, Copy)]
pub(crate) struct Watched<'a> {
    pub(crate) slots: &'a Slots,
    pub(crate) actions: &'a Actions,
}

impl Experiments {
    /// Whether one runs.
    pub(crate) const fn are_running(&self) -> bool {
        self.running.is_some()
    }

    /// The id of the one that runs, or of the one that the subject is still simulated for.
    pub(crate) fn id(&self) -> Option<&str> {
        let running = self.running.as_ref().map(|running| &running.experiment);
        running.or(self.over.as_deref()).map(|experiment| experiment.id.as_str())
    }

    /// Whether chaos is injected now.
    pub(crate) fn injects(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.experiment.injected() > 0)
    }

    /// Whether the subject is simulated, while an experiment runs and after it.
    pub(crate) fn simulation(&self) -> Option<Simulation> {
        let of = |experiment: &Experiment, is_over| experiment.simulated.map(|reach| Simulation { reach, is_over });
        match (&self.running, &self.over) {
            (Some(running), _) => of(&running.experiment, false),
            (None, Some(over)) => of(over, true),
            (None, None) => None,
        }
    }

    /// Begins the experiment, or tells why not. `is_free` tells whether the subject is what the experiment needs: one of
    /// which nobody else sends anything, to be simulated; else one that is heard of.
    pub(crate) fn begin(
        &mut self,
        context: &Context<'_>,
        mut experiment: Experiment,
        is_free: bool,
        watched: Watched<'_>,
        events: &mut Vec<Event>,
    ) {
        if let Some(reason) = self.objection(context, &experiment, is_free, watched) {
            let end = ExperimentEnd { at: context.now, outcome: Outcome::Refused, by: None, reason };
            experiment.ended = Some(end);
            events.push(changed(context, ExperimentChange::Refused, &experiment));
            return;
        }
        let mut running = Running { experiment, heard: context.now, window: None, held: None };
        running.look_ahead(context, watched.actions);
        events.push(changed(context, ExperimentChange::Begun, &running.experiment));
        (self.running, self.over) = (Some(Box::new(running)), None);
    }

    /// Its runner is there, and tells how it goes on. Only what is new is told; nothing happens if it does not run.
    pub(crate) fn steer(
        &mut self,
        context: &Context<'_>,
        seq: u64,
        (id, phase, dose): (&str, &str, u8),
        events: &mut Vec<Event>,
    ) {
        let Some(running) = self.running.as_mut().filter(|running| running.experiment.id == id) else { return };
        running.heard = context.now;
        let dose = dose.min(limits::LARGEST_DOSE);
        let experiment = &mut running.experiment;
        if experiment.phase != phase || experiment.dose != dose {
            (experiment.phase, experiment.dose) = (phase.to_owned(), dose);
            let id = format!("{}-{seq}.experiment.steered", context.partition);
            events.push(event(context, id, ExperimentChange::Steered, experiment));
        }
    }

    /// Its runner ends it, or a person does. Answers whether it ran.
    pub(crate) fn conclude(
        &mut self,
        context: &Context<'_>,
        id: &str,
        (outcome, by, note): (Outcome, Option<&str>, &str),
        events: &mut Vec<Event>,
    ) -> bool {
        if self.running.as_ref().is_none_or(|running| running.experiment.id != id) {
            return false;
        }
        // All other ways to end are not for others to say.
        let (outcome, reason) = match outcome {
            Outcome::Passed => (Outcome::Passed, wording::passed(note)),
            Outcome::Failed => (Outcome::Failed, wording::failed(note)),
            _ => (Outcome::Stopped, wording::stopped(by, note)),
        };
        self.end(context, (outcome, by, reason), events);
        true
    }

    /// Ends the experiment if it must not go on, and holds its injection back or lets it go on. Answers whether it ended.
    pub(crate) fn step(&mut self, context: &Context<'_>, watched: Watched<'_>, events: &mut Vec<Event>) -> bool {
        let Some(running) = &mut self.running else { return false };
        let paused = running.look_ahead(context, watched.actions);
        if let Some((outcome, reason)) = running.must_end(context, watched) {
            self.end(context, (outcome, None, reason), events);
            return true;
        }
        if paused != running.experiment.paused {
            let change = match running.experiment.paused {
                Some(_) => ExperimentChange::Paused,
                None => ExperimentChange::Resumed,
            };
            let id = context.id(&format!("experiment.{}", change.name()));
            events.push(event(context, id, change, &running.experiment));
        }
        false
    }

    /// A sample comes of a subject that was simulated. `is_silent` tells whether it had fallen silent, or never spoke: its
    /// runner goes on without a pause, and not for ever. Answers whether the subject is real from now on.
    pub(crate) fn release(&mut self, context: &Context<'_>, is_silent: bool, events: &mut Vec<Event>) -> bool {
        let is_late = |over: &mut Box<Experiment>| {
            let ended = over.ended.as_ref().map_or(over.until, |end| end.at);
            is_silent || ended.plus(limits::LONGEST_RECOVERY) <= context.now
        };
        let Some(over) = self.over.take_if(is_late) else { return false };
        events.push(changed(context, ExperimentChange::Released, &over));
        true
    }

    /// When time alone changes something.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let running = self.running.as_ref()?;
        let lost = running.heard.plus(limits::RUNNER_LEASE);
        let ends = running.experiment.until.min(lost);
        Some(running.window.into_iter().chain(running.held).fold(ends, Timestamp::min))
    }

    fn end(
        &mut self,
        context: &Context<'_>,
        (outcome, by, reason): (Outcome, Option<&str>, Text),
        events: &mut Vec<Event>,
    ) {
        let Some(Running { mut experiment, .. }) = self.running.take().map(|running| *running) else { return };
        experiment.ended = Some(ExperimentEnd { at: context.now, outcome, by: by.map(str::to_owned), reason });
        events.push(changed(context, ExperimentChange::Ended, &experiment));
        self.over = experiment.simulated.is_some().then(|| Box::new(experiment));
    }

    /// Why the experiment must not begin.
    fn objection(
        &self,
        context: &Context<'_>,
        experiment: &Experiment,
        is_free: bool,
        watched: Watched<'_>,
    ) -> Option<Text> {
        if let Some(running) = &self.running {
            return Some(wording::another_runs(&running.experiment));
        }
        if let Some(reason) = veto(context, watched.slots) {
            return Some(reason);
        }
        if is_outside_window(context) {
            return Some(wording::outside_window(context));
        }
        match (is_free, experiment.simulated) {
            (false, Some(_)) => return Some(wording::others_send()),
            (false, None) => return Some(wording::nothing_real()),
            (true, _) => {}
        }
        reached(context, experiment, watched.slots).or_else(|| stopped_by(context, watched.actions))
    }
}

impl Running {
    /// Works out when the window closes, and what holds the injection back until when. Answers what did before.
    fn look_ahead(&mut self, context: &Context<'_>, actions: &Actions) -> Option<String> {
        let rules = &context.rules.escalation;
        self.window = match rules.is_production(context.subject) {
            true => Some(rules.chaos_until(context.now).unwrap_or(context.now)),
            false => None,
        };
        let holding = actions.in_effect(context, Interference::Pause);
        self.held = holding.map(|(_, until)| until);
        let name = holding.map(|(rule, _)| rule.id.as_str());
        match self.experiment.paused.as_deref() == name {
            true => self.experiment.paused.clone(),
            false => std::mem::replace(&mut self.experiment.paused, name.map(str::to_owned)),
        }
    }

    /// Why it must end now. Of several reasons, what is worst for the subject.
    fn must_end(&self, context: &Context<'_>, watched: Watched<'_>) -> Option<(Outcome, Text)> {
        let Self { experiment, heard, .. } = self;
        let is_over = |at: Timestamp| at <= context.now;
        if let Some(reason) = veto(context, watched.slots) {
            return Some((Outcome::Veto, reason));
        }
        if let Some(reason) = reached(context, experiment, watched.slots) {
            return Some((Outcome::Limit, reason));
        }
        if let Some(reason) = stopped_by(context, watched.actions) {
            return Some((Outcome::Action, reason));
        }
        if is_outside_window(context) {
            return Some((Outcome::Window, wording::window_closed()));
        }
        if is_over(experiment.until) {
            return Some((Outcome::Overdue, wording::overdue(experiment)));
        }
        is_over(heard.plus(limits::RUNNER_LEASE)).then(|| (Outcome::Lost, wording::lost()))
    }
}

fn veto(context: &Context<'_>, slots: &Slots) -> Option<Text> {
    context.rules.voices.veto.when.holds(slots.values()).then(|| wording::veto(context.rules))
}

fn is_outside_window(context: &Context<'_>) -> bool {
    let rules = &context.rules.escalation;
    rules.is_production(context.subject) && rules.chaos_until(context.now).is_none()
}

/// The stop condition that is met. On a real subject one that cannot be watched is as good as met.
fn reached(context: &Context<'_>, experiment: &Experiment, slots: &Slots) -> Option<Text> {
    let value = |condition: &StopCondition| slots.values()[condition.vital.index()];
    let is_blind = |value: f64| value.is_nan() && experiment.simulated.is_none();
    let met = experiment.stop.iter().find(|stop| stop.is_met(value(stop)) || is_blind(value(stop)))?;
    Some(wording::limit(context.rules.band(met.vital), met, value(met)))
}

fn stopped_by(context: &Context<'_>, actions: &Actions) -> Option<Text> {
    actions.in_effect(context, Interference::Stop).map(|(rule, _)| wording::action(rule))
}

/// A change that comes once.
fn changed(context: &Context<'_>, change: ExperimentChange, experiment: &Experiment) -> Event {
    event(context, format!("{}.{}", experiment.id, change.name()), change, experiment)
}

fn event(context: &Context<'_>, id: String, change: ExperimentChange, experiment: &Experiment) -> Event {
    let body = EventBody::Experiment { change, experiment: experiment.clone() };
    Event { id, subject: context.subject.clone(), at: context.now, body }
}
