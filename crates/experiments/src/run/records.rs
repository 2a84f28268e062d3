//! What is kept of a run: what was measured, and what was told.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Alert, AlertChange, Command, Event, EventBody, Experiment, Priority, Score, Timestamp, Vital, Vitals};
use stories::Acknowledge;

use crate::script::Script;

/// Most events whose story is told; more than anybody reads.
const MOST_EVENTS: usize = 2_000;

#[derive(Debug, Default)]
pub(crate) struct Records {
    /// When it began.
    pub(crate) from: Option<Timestamp>,
    /// When it ended, since it began.
    pub(crate) ended: Option<Duration>,
    /// When nothing more was waited for.
    pub(crate) closed: Option<Duration>,
    /// As the engine last told of it.
    pub(crate) experiment: Option<Experiment>,
    /// How many samples were asked for.
    pub(crate) sent: u64,
    /// How many samples were heard while it ran.
    pub(crate) measured: u64,
    /// The latest values.
    pub(crate) vitals: Vitals,
    /// The values that the artifact compares with.
    pub(crate) before: Vitals,
    /// The values at the end of the experiment.
    pub(crate) after: Vitals,
    /// The least and the greatest value of each vital, and when it was so.
    pub(crate) extremes: [Option<[(f64, Duration); 2]>; 4],
    /// The phases that had what they are for, and when.
    pub(crate) reached: Vec<(usize, Duration)>,
    /// What nobody could acknowledge: the lines of the file.
    pub(crate) not_acknowledged: Vec<(usize, Duration, String)>,
    /// What the engine told; the first of it, if it is very much.
    pub(crate) events: Vec<Event>,
    /// How many more there were.
    pub(crate) untold: u64,
    /// How many events there were of each kind.
    pub(crate) counts: BTreeMap<&'static str, u64>,
    /// How many alerts opened, by priority.
    pub(crate) opened: BTreeMap<Priority, u64>,
}

impl Records {
    pub(super) fn sample(&mut self, at: Duration, is_compared: bool, is_over: bool, vitals: Vitals) {
        for (vital, score) in vitals.present() {
            self.vitals.set(vital, Some(score));
        }
        if is_compared {
            self.before = self.vitals;
        }
        if is_over {
            return;
        }
        self.measured += 1;
        self.after = self.vitals;
        for (vital, score) in vitals.present() {
            self.measure(vital, score, at);
        }
    }

    fn measure(&mut self, vital: Vital, score: Score, at: Duration) {
        let value = score.get();
        let [least, greatest] = self.extremes[vital.index()].get_or_insert([(value, at); 2]);
        if value < least.0 {
            *least = (value, at);
        }
        if value > greatest.0 {
            *greatest = (value, at);
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        *self.counts.entry(event.body.kind()).or_default() += 1;
        if let EventBody::Alert { change: AlertChange::Opened, alert } = &event.body {
            *self.opened.entry(alert.priority).or_default() += 1;
        }
        // What only moves a little on the pages is not told of again.
        let is_told = !matches!(event.body, EventBody::Chorus { .. } | EventBody::Bifurcation { .. });
        match is_told {
            true if self.events.len() < MOST_EVENTS => self.events.push(event.clone()),
            true => self.untold += 1,
            false => {}
        }
    }

    /// What a person does about an alert that fires.
    pub(super) fn acknowledge(&mut self, command: &Acknowledge, firing: Option<&Alert>) -> Option<Command> {
        let by = command.by.clone();
        match firing {
            Some(alert) => Some(Command::Acknowledge { alert: alert.id.clone(), by, note: String::new() }),
            None => {
                self.not_acknowledged.push((command.place.line, command.at, command.rule.clone()));
                None
            }
        }
    }

    /// Whether injections did what they are for, and people found what they were to see.
    pub(super) fn has_passed(&self, script: &Script) -> bool {
        let is_reached = |index: usize| self.reached.iter().any(|(reached, _)| *reached == index);
        let targets = script.phases.iter().enumerate().filter(|(_, phase)| phase.target.is_some());
        self.not_acknowledged.is_empty() && targets.map(|(index, _)| index).all(is_reached)
    }
}
