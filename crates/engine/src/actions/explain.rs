use domain::Text;

use super::{Actions, limits};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow, stand};
use crate::slots::Slots;
use domain::Suppression;

impl Actions {
    /// How each action stands now.
    pub(crate) fn explain(&self, context: &Context<'_>, slots: &Slots, out: &mut Vec<RuleNow>) {
        for (place, (rule, state)) in context.rules.actions.list.iter().zip(&self.states.items).enumerate() {
            let cooldown_until = state.cooldown_until(rule, context.now);
            let says = match limits::held_back(context, slots, &self.states.items, place) {
                Some(held) => suppressed(held.why),
                None => stand(&rule.when, slots),
            };
            let now = RuleNow::new(context, slots, RuleKind::Action, &rule.id, &rule.when, says);
            let since = state.taken.last().copied().filter(|_| cooldown_until.is_some());
            out.push(RuleNow { since, cooldown_until, suppressed: state.suppressed, ..now });
        }
    }
}

fn suppressed(why: Suppression) -> Text {
    match why {
        Suppression::Cooldown => {
            Text::new("taken a moment ago: its cooldown lasts", "только что выполнено: идёт пауза")
        }
        Suppression::Budget => Text::new(
            "not taken: it was taken as often as is allowed within an hour",
            "не выполняется: исчерпано разрешённое число раз за час",
        ),
        Suppression::Exclusive => Text::new(
            "not taken: it would work against an action that was just taken",
            "не выполняется: мешало бы только что выполненному действию",
        ),
        Suppression::Veto => {
            Text::new("not taken: an ethical violation stands", "не выполняется: действует этическое вето")
        }
        Suppression::SwitchedOff => {
            Text::new("not taken: actions are switched off", "не выполняется: действия выключены")
        }
        Suppression::Echo => {
            Text::new("not taken: too many times in a row", "не выполняется: слишком много раз подряд")
        }
    }
}
