//! An activation that goes on: what keeps it, and how it ends.

use conditions::Truth;
use domain::{Activation, StoodDown, Timestamp, Voice};
use rules::{ActionRule, Rules, VoiceRule};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::timer;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Active {
    pub(super) activation: Activation,
    /// Since when what activated it is known not to hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quiet_since: Option<Timestamp>,
    /// Where the rules have what activated it. Found again by its name after a restore.
    #[serde(skip)]
    pub(super) by: By,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum By {
    #[default]
    Nothing,
    Trigger(usize),
    Action(usize),
}

impl Active {
    pub(super) fn new(activation: Activation, by: By) -> Self {
        Self { activation, quiet_since: None, by }
    }

    /// How it ends now, if it does.
    pub(super) fn end(
        &mut self,
        context: &Context<'_>,
        rule: &VoiceRule,
        values: &[f64],
        wake: &mut Option<Timestamp>,
    ) -> Option<StoodDown> {
        // What began at this moment stays at least until the next: so each moment has one beginning and one end at most.
        if self.activation.since == context.now {
            return None;
        }
        if rule.stands_down.holds(values) {
            return Some(StoodDown::Done);
        }
        // Only what is known not to hold counts: silence ends nothing.
        if self.by.truth(context.rules, rule, values) != Truth::False {
            self.quiet_since = None;
            return None;
        }
        let ends = self.quiet_since.get_or_insert(context.now).plus(context.rules.voices.expiry);
        if ends <= context.now {
            return Some(StoodDown::Expired);
        }
        timer::sooner(wake, ends);
        None
    }
}

impl By {
    /// What has this name and activates this voice.
    pub(super) fn named(rules: &Rules, voice: Voice, name: &str) -> Self {
        let triggers = &rules.voices.get(voice).triggers;
        if let Some(place) = triggers.iter().position(|trigger| trigger.id == name) {
            return Self::Trigger(place);
        }
        let activates = |action: &ActionRule| action.id == name && action.voices.contains(&voice);
        rules.actions.list.iter().position(activates).map_or(Self::Nothing, Self::Action)
    }

    fn truth(self, rules: &Rules, rule: &VoiceRule, values: &[f64]) -> Truth {
        match self {
            Self::Trigger(place) => rule.triggers[place].when.truth(values),
            Self::Action(place) => rules.actions.list[place].when.truth(values),
            Self::Nothing => Truth::Unknown,
        }
    }
}
