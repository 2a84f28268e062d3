//! One subject: what a sample, a command, and time do to it.

use domain::{
    Alert, AlertChange, AlertState, Command, Event, EventBody, Notification, Sample, Score, Timestamp, Verdict, Vital,
    VitalVerdict, Vitals,
};
use serde::{Deserialize, Serialize};

use crate::vital::{Context, VitalState};
use crate::watch::{self, Watch};
use crate::wording;

/// The rule and the alert of a silent subject.
const STALE_RULE: &str = "stale";
const STALE_ALERT: &str = "SubjectStale";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct SubjectState {
    /// The time of the newest judged sample.
    judged: Timestamp,
    vitals: [Option<VitalState>; 4],
    verdict: Verdict,
    /// The alert on silence.
    silence: Option<Watch>,
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
    pub(crate) fn sample(
        &mut self,
        context: &Context<'_>,
        seq: u64,
        sample: &Sample,
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
        self.judged = time;
        let mut changed = Vec::new();
        let mut alerts = Vec::new();
        for (vital, score) in sample.vitals.present() {
            let band = context.rules.band(vital);
            let place = &mut self.vitals[vital.index()];
            let state = place.get_or_insert_with(|| VitalState::new(score.get(), time, seq));
            (state.value, state.seen, state.cause) = (score.get(), time, seq);
            let before = self.verdict.get(vital);
            let verdict = state.verdict(band, before, context.now);
            if before != Some(&verdict) {
                *self.verdict.get_mut(vital) = Some(verdict);
                changed.push(vital);
            }
            state.watch(context, band, &mut alerts);
        }
        if !changed.is_empty() {
            events.push(self.levels(context, format!("{}-{seq}.levels", context.partition), changed));
        }
        events.append(&mut alerts);
        self.end_silence(context, events);
        Judged::Yes
    }

    pub(crate) fn command(&mut self, context: &Context<'_>, command: &Command, events: &mut Vec<Event>) {
        let Command::Acknowledge { alert: id, by, note } = command;
        let silence = self.silence.as_mut().and_then(Watch::alert_mut).filter(|alert| alert.id == *id);
        let alert = silence.or_else(|| self.vitals.iter_mut().flatten().find_map(|vital| vital.alert_mut(id)));
        events.extend(alert.and_then(|alert| watch::acknowledge(alert, by, note, context.now)));
    }

    /// Does what time alone brings about at `context.now`.
    pub(crate) fn elapse(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        self.fall_silent(context, events);
        for vital in Vital::ALL {
            let is_stale = self.is_stale(vital);
            if let Some(state) = &mut self.vitals[vital.index()] {
                state.elapse(context, context.rules.band(vital), is_stale, events);
            }
        }
        self.end_silence(context, events);
    }

    /// When time alone will next bring something about.
    pub(crate) fn due(&self, rules: &rules::Rules) -> Option<Timestamp> {
        let vitals = Vital::ALL.into_iter().filter_map(|vital| {
            let state = self.vitals[vital.index()].as_ref()?;
            let is_stale = self.is_stale(vital);
            let silence = (!is_stale).then(|| state.seen.plus(rules.staleness.after));
            state.due(rules.band(vital), is_stale).into_iter().chain(silence).min()
        });
        vitals.chain(self.silence.as_ref().and_then(Watch::due)).min()
    }

    /// The latest judged values.
    pub(crate) fn vitals(&self) -> Vitals {
        let mut vitals = Vitals::default();
        for (vital, state) in Vital::ALL.into_iter().zip(&self.vitals) {
            vitals.set(vital, state.as_ref().and_then(|state| Score::new(state.value)));
        }
        vitals
    }

    pub(crate) const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    fn is_stale(&self, vital: Vital) -> bool {
        self.verdict.get(vital).is_some_and(|verdict| verdict.stale)
    }

    fn fall_silent(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
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
        match &mut self.silence {
            Some(open) => open.hold_on(),
            None => {
                let alert = self.silence_alert(context, format!("{name}.{STALE_RULE}"), seen, &silent);
                events.push(watch::changed(&alert, AlertChange::Opened, context.now));
                self.silence = Some(Watch::Firing { alert: Box::new(alert), ends: None });
            }
        }
    }

    fn end_silence(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        let Some(watch) = &mut self.silence else { return };
        if self.verdict.present().all(|(_, verdict)| !verdict.stale) {
            watch.let_go(context.now, std::time::Duration::ZERO, context.rules.minimum_hold);
        }
        if watch.is_over(context.now)
            && let Some(alert) = self.silence.take().as_mut().and_then(Watch::alert_mut)
        {
            events.push(watch::resolve(alert, context.now));
        }
    }

    fn silence_alert(&self, context: &Context<'_>, id: String, since: Timestamp, silent: &[Vital]) -> Alert {
        let staleness = &context.rules.staleness;
        Alert {
            id,
            subject: context.subject.clone(),
            rule: STALE_RULE.to_owned(),
            name: STALE_ALERT.to_owned(),
            vital: None,
            side: None,
            level: staleness.priority.level(),
            priority: staleness.priority,
            state: AlertState::Firing,
            value: context.now.since(since).as_secs_f64(),
            threshold: staleness.after.as_secs_f64(),
            since,
            opened_at: context.now,
            resolved_at: None,
            notification: Notification::Sent { at: context.now },
            acknowledged: None,
            summary: wording::silence(context.subject, silent, self.verdict.is_stale(), staleness.after),
            description: staleness.reason.clone(),
            recommendation: staleness.recommendation.clone(),
        }
    }

    fn levels(&self, context: &Context<'_>, id: String, changed: Vec<Vital>) -> Event {
        let body = EventBody::Levels { changed, verdict: self.verdict.clone() };
        Event { id, subject: context.subject.clone(), at: context.now, body }
    }
}
