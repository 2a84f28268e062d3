//! Silences begin and end, and what that means for the alerts that are open.

use std::time::Duration;

use domain::{Event, EventBody, Silence, SilenceChange, SilenceEnd, Vital, limits};

use super::SubjectState;
use crate::context::Context;
use crate::silences::Silences;

impl SubjectState {
    /// The silences that are in force.
    pub(crate) fn silences(&self) -> Silences {
        self.silences.clone()
    }

    /// A person asked for a silence, as the entry `seq` of the log says. One too many is none: whoever writes the command
    /// says so.
    pub(super) fn begin_silence(&mut self, context: &Context<'_>, seq: u64, asked: Asked<'_>, events: &mut Vec<Event>) {
        if self.silences.all().len() >= limits::SILENCES {
            return;
        }
        let silence = Silence {
            id: Silence::id_of(context.partition, seq),
            subject: context.subject.clone(),
            rule: asked.rule.map(str::to_owned),
            from: context.now,
            until: context.now.plus(asked.lasts),
            by: asked.by.to_owned(),
            note: asked.note.to_owned(),
            ended: None,
        };
        self.silences.add(silence.clone());
        self.tell_of_silence(context, SilenceChange::Created, silence, events);
    }

    /// A person ends a silence early; nothing happens if it is over.
    pub(super) fn end_silence(&mut self, context: &Context<'_>, id: &str, by: Option<&str>, events: &mut Vec<Event>) {
        if let Some(mut silence) = self.silences.remove(|silence| silence.id == id) {
            silence.ended = Some(SilenceEnd { at: context.now, by: by.map(str::to_owned) });
            self.tell_of_silence(context, SilenceChange::Ended, silence, events);
        }
    }

    /// Ends the silences whose time is over.
    pub(super) fn expire_silences(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        while let Some(mut silence) = self.silences.remove(|silence| silence.until <= context.now) {
            silence.ended = Some(SilenceEnd { at: context.now, by: None });
            self.tell_of_silence(context, SilenceChange::Expired, silence, events);
        }
    }

    /// Tells of it, and of every open alert that it mutes or does not mute any more.
    fn tell_of_silence(
        &mut self,
        context: &Context<'_>,
        change: SilenceChange,
        silence: Silence,
        events: &mut Vec<Event>,
    ) {
        let cause = format!("{}.{}", silence.id, change.name());
        let body = EventBody::Silence { change, silence };
        events.push(Event { id: cause.clone(), subject: context.subject.clone(), at: context.now, body });
        let silences = self.silences.clone();
        let context = &Context { silences: &silences, ..*context };
        if let Some(watch) = &mut self.stale {
            watch.heed_silences(context, context.now, &cause, events);
        }
        for (vital, state) in Vital::ALL.into_iter().zip(&mut self.vitals) {
            if let Some(state) = state {
                state.heed_silences(context, context.rules.band(vital), &cause, events);
            }
        }
        self.budgets.heed_silences(context, &cause, events);
    }
}

/// What a person asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) rule: Option<&'a str>,
    pub(super) lasts: Duration,
    pub(super) by: &'a str,
    pub(super) note: &'a str,
}
