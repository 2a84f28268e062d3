use domain::{Text, Timestamp, Voice};
use rules::{Trigger, VoiceRule};

use super::{VoiceState, Voices};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow, stand};
use crate::slots::Slots;

impl Voices {
    /// How each trigger, each stand-down and the veto stand now.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        for voice in Voice::ALL {
            let (rule, state) = (context.rules.voices.get(voice), &self.voices[voice.index()]);
            out.extend(rule.triggers.iter().map(|trigger| explain_trigger(context, slots, rule, state, trigger)));
            let name = format!("{}.stands_down", voice.name());
            out.push(RuleNow::new(context, slots, RuleKind::StandDown, &name, &rule.stands_down, resting(state)));
        }
        let veto = &context.rules.voices.veto;
        let says = if veto.when.holds(slots.values()) { veto.reason.clone() } else { stand(&veto.when, slots) };
        let name = format!("{}.veto", veto.voice.name());
        out.push(RuleNow::new(context, slots, RuleKind::Veto, &name, &veto.when, says));
    }
}

fn explain_trigger(
    context: &Context<'_>,
    slots: &Slots,
    rule: &VoiceRule,
    state: &VoiceState,
    trigger: &Trigger,
) -> RuleNow {
    let held_until = state.held_until(trigger.urgency, context.now);
    let (says, since) = says(slots, rule, state, trigger, held_until);
    let now = RuleNow::new(context, slots, RuleKind::Trigger, &trigger.id, &trigger.when, says);
    RuleNow { since, cooldown_until: held_until, ..now }
}

/// What follows from a trigger, and since when it lasts.
fn says(
    slots: &Slots,
    rule: &VoiceRule,
    state: &VoiceState,
    trigger: &Trigger,
    held_until: Option<Timestamp>,
) -> (Text, Option<Timestamp>) {
    let says = match (state.activation(), held_until) {
        (Some(active), _) if active.by == trigger.id => {
            let text = Text::new(format!("active: {}", active.response), format!("активен: {}", active.response));
            return (text, Some(active.since));
        }
        (Some(active), _) => {
            Text::new(format!("the voice is active by {}", active.by), format!("голос уже активен: {}", active.by))
        }
        (None, _) if rule.stands_down.holds(slots.values()) => {
            Text::new("not active: the voice stands down now", "не активен: голос сейчас отступает")
        }
        (None, Some(_)) => Text::new("not active: held back by a cooldown", "не активен: идёт пауза"),
        (None, None) => stand(&trigger.when, slots),
    };
    (says, None)
}

fn resting(state: &VoiceState) -> Text {
    match state.activation() {
        Some(_) => Text::new("when it holds, the activation ends", "когда выполнится, голос отступит"),
        None => Text::new("while it holds, the voice is not activated", "пока выполняется, голос не активируется"),
    }
}
