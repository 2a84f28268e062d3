//! Where a run that has begun stands.

use std::time::Duration;

use domain::{Timestamp, Vitals};
use stories::{Position, Timeline};

use super::{ANSWER_WITHIN, HEARTBEAT};
use crate::script::Script;

/// All times count from the beginning.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) id: String,
    pub(super) from: Timestamp,
    /// How far the samples are sent: those of the experiment, or after its end those of its recovery.
    pub(super) position: Position,
    /// The next of what people do.
    pub(super) command: usize,
    /// What the engine was last told, and when.
    steered: Option<Steered>,
    /// Since when what the injection is for has been so.
    met_since: Option<Duration>,
    /// The phase in which it was so for long enough, and when.
    reached: Option<(usize, Duration)>,
    /// When the engine was asked to end it.
    pub(super) concluded: Option<Duration>,
    /// When it ended.
    pub(super) ended: Option<Duration>,
}

#[derive(Debug)]
struct Steered {
    at: Duration,
    phase: Option<usize>,
    dose: u8,
}

impl Course {
    pub(super) fn new(id: String, from: Timestamp) -> Self {
        Self {
            id,
            from,
            position: Position::default(),
            command: 0,
            steered: None,
            met_since: None,
            reached: None,
            concluded: None,
            ended: None,
        }
    }

    /// What is sent at this stage, and since when.
    pub(super) fn timeline<'a>(&self, script: &'a Script, is_refused: bool) -> Option<(Duration, &'a Timeline)> {
        match self.ended {
            None => Some((Duration::ZERO, &script.timeline)),
            Some(_) if is_refused => None,
            Some(ended) => script.recovery.as_ref().map(|recovery| (ended, &recovery.timeline)),
        }
    }

    /// When the engine is next told of phase and dose.
    pub(super) fn steered_next(&self, script: &Script) -> Option<Duration> {
        let Some(last) = &self.steered else { return Some(Duration::ZERO) };
        let mut next = last.at + HEARTBEAT;
        let phase = last.phase.map_or(0, |phase| phase + 1);
        next = script.phases.get(phase).map_or(next, |phase| next.min(phase.at));
        if last.dose > 0
            && let Some(index) = last.phase
        {
            next = next.min(script.phases[index].until);
            if let Some((_, at)) = self.reached.filter(|(phase, _)| *phase == index) {
                next = next.min(at);
            }
        }
        // What is late by now still comes after what was told last.
        Some(next.max(last.at))
    }

    /// The phase and the dose at `due`, told at `now`.
    pub(super) fn steer(&mut self, script: &Script, due: Duration, now: Duration) -> (String, u8) {
        let phase = script.phases.iter().rposition(|phase| phase.at <= due);
        if phase != self.steered.as_ref().and_then(|steered| steered.phase) {
            self.met_since = None;
        }
        let is_reached = self.reached.is_some_and(|(reached, _)| Some(reached) == phase);
        let dose = phase.map(|phase| &script.phases[phase]).filter(|phase| due < phase.until && !is_reached);
        let dose = dose.map_or(0, |phase| phase.dose);
        self.steered = Some(Steered { at: now, phase, dose });
        (phase.map_or_else(String::new, |phase| script.phases[phase].name.clone()), dose)
    }

    /// The phase that has with this sample what its injection is for, for long enough.
    pub(super) fn sampled(&mut self, script: &Script, at: Duration, vitals: &Vitals) -> Option<usize> {
        let Some(Steered { phase: Some(index), dose: 1.., .. }) = self.steered else { return None };
        let target = script.phases[index].target.as_ref()?;
        if !target.is_met_by(vitals) {
            self.met_since = None;
            return None;
        }
        let since = *self.met_since.get_or_insert(at);
        let is_new = self.reached.is_none_or(|(phase, _)| phase != index);
        (at.saturating_sub(since) >= target.held && is_new).then(|| {
            self.reached = Some((index, at));
            index
        })
    }

    pub(super) fn end(&mut self, at: Duration) {
        self.ended = Some(at);
        self.position = Position::default();
    }

    /// When nothing more is waited for.
    pub(super) fn closes(&self, script: &Script, patience: Duration) -> Option<Duration> {
        match (self.ended, self.concluded) {
            (Some(ended), _) => {
                let recovery = script.recovery.as_ref().map_or(Duration::ZERO, |recovery| recovery.lasts);
                Some(ended + recovery + patience)
            }
            (None, Some(concluded)) => Some(concluded + ANSWER_WITHIN),
            (None, None) => None,
        }
    }
}
