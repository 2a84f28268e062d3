//! Experiments begin and end, and what that means for a subject behind which there is nothing real.

use std::time::Duration;

use domain::{Command, Event, Experiment, Vital, limits};

use super::SubjectState;
use crate::budget::Budgets;
use crate::context::Context;
use crate::experiments::{Simulation, Watched};
use crate::watch::{self, Watch};

impl SubjectState {
    /// Whether nothing real is behind it.
    pub(crate) fn simulation(&self) -> Option<Simulation> {
        self.experiments.simulation()
    }

    /// What is asked of experiments, as the entry `seq` of the log.
    pub(super) fn command_experiments(
        &mut self,
        context: &Context<'_>,
        seq: u64,
        command: &Command,
        events: &mut Vec<Event>,
    ) {
        match command {
            Command::Experiment { name, simulated, seconds, stop, by } => {
                let lasts = Duration::from_secs(*seconds).min(limits::LONGEST_EXPERIMENT);
                let experiment = Experiment {
                    id: Experiment::id_of(context.partition, seq),
                    name: name.clone(),
                    subject: context.subject.clone(),
                    simulated: *simulated,
                    by: by.clone(),
                    from: context.now,
                    until: context.now.plus(lasts),
                    phase: String::new(),
                    dose: 0,
                    paused: None,
                    stop: stop.clone(),
                    ended: None,
                };
                let is_free = self.is_free(&experiment);
                let watched = Watched { slots: &self.slots, actions: &self.actions };
                self.experiments.begin(context, experiment, is_free, watched, events);
            }
            Command::Steer { experiment, phase, dose } => {
                self.experiments.steer(context, seq, (experiment, phase, *dose), events);
            }
            Command::Conclude { experiment, outcome, by, note } => {
                let ended = self.experiments.conclude(context, experiment, (*outcome, by.as_deref(), note), events);
                if ended {
                    self.rest(context, events);
                }
            }
            _ => {}
        }
        self.fill(context);
    }

    /// Looks after an experiment that runs, once all is known that it may be stopped for.
    pub(super) fn guard_experiment(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        if !self.experiments.are_running() {
            return;
        }
        let watched = Watched { slots: &self.slots, actions: &self.actions };
        if self.experiments.step(context, watched, events) {
            self.rest(context, events);
        }
        self.slots.set_flag(context.rules.signals.engine.experiment_injects, self.experiments.injects());
    }

    /// A sample comes: of a subject that was simulated, perhaps the first of a real one.
    pub(super) fn release(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        if self.experiments.release(context, self.verdict.is_stale(), events) {
            self.end_alerts(context, events);
            // What was simulated earns and costs no budget.
            self.budgets = Budgets::default();
            self.budgets.align(context, events);
        }
    }

    /// When a subject whose simulation is over falls silent, nothing fires any more.
    pub(super) fn rest(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        if self.simulation().is_some_and(|simulation| simulation.is_over) && self.verdict.is_stale() {
            self.end_alerts(context, events);
        }
    }

    /// Whether the subject is what the experiment needs: to be simulated, one of which nobody else sends anything and of
    /// which nobody was told; else one that is real, and heard of.
    fn is_free(&self, experiment: &Experiment) -> bool {
        match experiment.simulated {
            Some(_) => self.simulation().is_some() || (self.verdict.is_stale() && self.alerts().next().is_none()),
            None => self.simulation().is_none() && !self.verdict.is_stale(),
        }
    }

    /// All of them at once: nothing was real about them.
    fn end_alerts(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        if let Some(alert) = self.stale.take().as_mut().and_then(Watch::alert_mut) {
            events.push(watch::resolve(alert, context.now));
        }
        for vital in Vital::ALL {
            if let Some(state) = &mut self.vitals[vital.index()] {
                state.end_all(context, events);
            }
        }
        self.budgets.end_all(context, events);
    }
}
