//! Vitals fall silent: missing data is not health.

use std::time::Duration;

use domain::{Event, Timestamp, Vital, VitalVerdict};

use super::SubjectState;
use crate::context::Context;
use crate::watch::{self, Complaint, Watch};
use crate::{reason, wording};

/// The rule and the alert of a silent subject.
pub(super) const STALE_RULE: &str = "stale";
const STALE_ALERT: &str = "SubjectStale";

impl SubjectState {
    /// Vitals of which nothing was heard for too long become stale, and people are told.
    pub(super) fn fall_silent(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let after = context.rules.staleness.after;
        let mut silent = Vec::new();
        let mut latest = (Timestamp::default(), 0);
        for vital in Vital::ALL {
            let is_stale = self.is_stale(vital);
            if let Some(state) = &mut self.vitals[vital.index()]
                && !is_stale
                && state.seen.plus(after) <= context.now
            {
                state.freeze();
                self.slots.set_vital(vital, f64::NAN);
                silent.push(vital);
                latest = latest.max((state.seen, state.cause));
                if let Some(verdict) = self.verdict.get_mut(vital) {
                    *verdict = VitalVerdict { stale: true, ..*verdict };
                }
            }
        }
        if silent.is_empty() {
            return;
        }
        let (seen, cause) = latest;
        let name = format!("{}-{cause}", context.partition);
        events.push(self.levels(context, format!("{name}.silent"), silent.clone()));
        match &mut self.stale {
            // It has gone silent because its simulation is over.
            _ if context.simulation.is_some_and(|simulation| simulation.is_over) => self.rest(context, events),
            Some(open) => open.hold_on(),
            None => {
                let complaint = self.complain_of_silence(context, format!("{name}.{STALE_RULE}"), seen, &silent);
                self.stale = Some(Watch::open(context, complaint, context.now, events));
            }
        }
    }

    /// The alert ends when every vital speaks again.
    pub(super) fn end_staleness(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let Some(watch) = &mut self.stale else { return };
        if self.verdict.present().all(|(_, verdict)| !verdict.stale) {
            watch.let_go(context.now, Duration::ZERO, context.rules.minimum_hold);
        }
        if watch.is_over(context.now)
            && let Some(alert) = self.stale.take().as_mut().and_then(Watch::alert_mut)
        {
            events.push(watch::resolve(alert, context.now));
        }
    }

    fn complain_of_silence(&self, context: &Context<'_>, id: String, since: Timestamp, silent: &[Vital]) -> Complaint {
        let staleness = &context.rules.staleness;
        Complaint {
            id,
            rule: STALE_RULE.to_owned(),
            name: STALE_ALERT.to_owned(),
            vital: None,
            side: None,
            level: staleness.priority.level(),
            priority: staleness.priority,
            value: context.now.since(since).as_secs_f64(),
            threshold: staleness.after.as_secs_f64(),
            since,
            actions: Vec::new(),
            summary: wording::silence(
                context.subject,
                &reason::names(context.rules, silent),
                self.verdict.is_stale(),
                staleness.after,
            ),
            description: staleness.reason.clone(),
            recommendation: staleness.recommendation.clone(),
        }
    }
}
