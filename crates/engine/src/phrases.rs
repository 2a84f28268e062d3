//! What is said about derived signals, states and budgets, in both languages.

use std::time::Duration;

use domain::{Alert, HeldBy, Notification, Silence, Subject, Text};
use rules::{Burn, Derived};

use crate::budget::Rates;
use crate::wording::span;

/// Why a derived signal became true or false; `why` is what is so.
pub(crate) fn signal(rule: &Derived, is_on: bool, why: Text) -> Text {
    let held = if is_on { rule.hold } else { rule.keep };
    if held.is_zero() {
        return why;
    }
    Text::new(format!("{} for {}", why.en, span(held, false)), format!("{} уже {}", why.ru, span(held, true)))
}

/// Why a derived signal ended that changed rules no longer have.
pub(crate) fn signal_is_gone() -> Text {
    Text::new("the rules no longer have this signal", "в правилах больше нет этого сигнала")
}

pub(crate) fn signal_is_off() -> Text {
    Text::new("false", "ложь")
}

pub(crate) fn signal_is_on() -> Text {
    Text::new("true", "истина")
}

/// A derived signal will be true when its condition has held for `hold`.
pub(crate) fn signal_holds(held: Duration, hold: Duration) -> Text {
    Text::new(
        format!("false: the condition has held for {} of {}", span(held, false), span(hold, false)),
        format!("ложь: условие выполняется {} из {}", span(held, true), span(hold, true)),
    )
}

/// A derived signal stays true for a while after its condition.
pub(crate) fn signal_stays(left: Duration) -> Text {
    Text::new(format!("true for another {}", span(left, false)), format!("истина ещё {}", span(left, true)))
}

/// Why a subject is in no state that has a name; `missing` are the names of the vitals that are not known.
pub(crate) fn no_state(missing: &Text) -> Text {
    if missing.en.is_empty() {
        return Text::new("No state fits", "Не подходит ни одно состояние");
    }
    Text::new(format!("No value of {}", missing.en), format!("Нет значения: {}", missing.ru))
}

pub(crate) fn state_is_present() -> Text {
    Text::new("the present state", "текущее состояние")
}

/// A state whose condition holds, as does that of one before it.
pub(crate) fn state_comes_later() -> Text {
    Text::new("another one goes first", "другое состояние впереди")
}

pub(crate) fn state_is_absent() -> Text {
    Text::new("not the present state", "не текущее состояние")
}

/// Another state holds, but not yet for its dwell time.
pub(crate) fn state_dwells(held: Duration, dwell: Duration) -> Text {
    Text::new(
        format!("about to begin: it has held for {} of {}", span(held, false), span(dwell, false)),
        format!("вот-вот начнётся: держится {} из {}", span(held, true), span(dwell, true)),
    )
}

/// The one line of an alert on a budget; `name` is that of the vital.
pub(crate) fn burn(subject: &Subject, name: &Text, burn: &Burn, rates: Rates) -> Text {
    let Text { en, ru } = pace(burn, rates);
    Text::new(
        format!("{} of {subject}: the error budget burns at {en}", name.en),
        format!("{} {subject}: бюджет ошибок расходуется в темпе {ru}", name.ru),
    )
}

/// How fast a budget burns, beside what is too fast. 1 would use it up just by the end of its period.
pub(crate) fn pace(burn: &Burn, rates: Rates) -> Text {
    let say = |is_russian: bool, and: &str, limit: &str| {
        let times = |rate: Option<f64>| rate.map_or_else(|| "×?".to_owned(), times);
        let (long, short, factor) = (times(rates.long), times(rates.short), times(Some(burn.factor)));
        let (long_span, short_span) = (span(burn.long, is_russian), span(burn.short, is_russian));
        let (over, separator) = if is_russian { ("за", ",") } else { ("over", ".") };
        format!("{long} {over} {long_span} {and} {short} {over} {short_span} ({limit} {factor})")
            .replace('.', separator)
    };
    Text::new(say(false, "and", "limit"), say(true, "и", "предел"))
}

pub(crate) fn no_alert() -> Text {
    Text::new("no alert", "тревоги нет")
}

/// An alert may open, once its condition has held for `hold`.
pub(crate) fn pending(held: Duration, hold: Duration) -> Text {
    let left = hold.saturating_sub(held);
    Text::new(
        format!("no alert yet: held for {} of {}, {} left", span(held, false), span(hold, false), span(left, false)),
        format!("ещё не тревога: держится {} из {}, осталось {}", span(held, true), span(hold, true), span(left, true)),
    )
}

/// Whether people know of an alert, and if not, why. `inhibitor` is the one for which Alertmanager holds it back.
pub(crate) fn firing(alert: &Alert, inhibitor: Option<&Alert>) -> Text {
    let Alert { id, escalation, .. } = alert;
    let Text { en, ru } = match (&alert.notification, &alert.acknowledged) {
        (_, Some(seen)) => Text::new(
            format!("acknowledged by {} at {}", seen.by, seen.at),
            format!("подтверждено: {}, {}", seen.by, seen.at),
        ),
        (Notification::Sent { at }, None) => Text::new(
            format!("people were told at {at}, step {} of {}", escalation.step, escalation.chain.len()),
            format!("люди оповещены {at}, шаг {} из {}", escalation.step, escalation.chain.len()),
        ),
        (Notification::Held { until, by: HeldBy::Cooldown }, None) => Text::new(
            format!("nobody was told: the cooldown of this vital lasts until {until}"),
            format!("никто не оповещён: пауза этого показателя до {until}"),
        ),
        (Notification::Held { until, by: HeldBy::Maintenance }, None) => Text::new(
            format!("nobody was told: a maintenance window lasts until {until}"),
            format!("никто не оповещён: окно обслуживания до {until}"),
        ),
        (Notification::Held { by: HeldBy::Silence, .. } | Notification::Suppressed, None) => {
            Text::new("nobody was told", "никто не оповещён")
        }
    };
    let inhibited = inhibitor.map(|Alert { id, .. }| {
        Text::new(
            format!("; Alertmanager holds it back while {id} fires"),
            format!("; Alertmanager придерживает её, пока длится {id}"),
        )
    });
    let inhibited = inhibited.unwrap_or_else(|| Text::new("", ""));
    Text::new(format!("alert {id} fires: {en}{}", inhibited.en), format!("тревога {id}: {ru}{}", inhibited.ru))
}

/// What follows from a rule, while a silence mutes its alerts.
pub(crate) fn silenced(state: &Text, silence: &Silence) -> Text {
    let Silence { until, by, .. } = silence;
    Text::new(
        format!("{}; silenced until {until} by {by}", state.en),
        format!("{}; заглушено до {until}: {by}", state.ru),
    )
}

/// `×14.4`: one digit after the point, none where it is zero.
fn times(rate: f64) -> String {
    let text = format!("×{rate:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}
