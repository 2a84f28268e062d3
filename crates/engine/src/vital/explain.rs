//! How the edges of a vital stand, and why people were told or not.

use domain::{Alert, HeldBy, Level, Notification, Text};
use rules::{Band, Edge};

use super::{VitalState, place};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::watch::Watch;
use crate::wording::{self, span};

impl VitalState {
    /// How each edge stands now. `is_urgent` tells whether a critical alert of the subject fires.
    pub(crate) fn explain(
        &self,
        context: &Context<'_>,
        band: &Band,
        is_stale: bool,
        is_urgent: bool,
        out: &mut Vec<RuleNow>,
    ) {
        for edge in &band.edges {
            let watch = self.watches[place(edge.side, edge.priority)].as_ref();
            let state = match watch {
                _ if is_stale && watch.is_none() => {
                    Text::new("no value comes: nothing is known now", "значений нет: сейчас ничего не известно")
                }
                None => Text::new("the value is not beyond the edge", "значение не за границей"),
                Some(Watch::Pending { since, .. }) => pending(edge, context.now.since(*since)),
                Some(Watch::Firing { alert, .. }) => firing(alert, is_urgent),
            };
            let cooldown = self.notified.map(|(at, _)| at.plus(band.cooldown)).filter(|until| *until > context.now);
            out.push(RuleNow {
                kind: RuleKind::Edge,
                rule: edge.rule.clone(),
                holds: (!is_stale).then(|| edge.is_beyond(self.value)),
                why: wording::beyond(band, edge, self.value),
                state,
                since: watch.map(|watch| match watch {
                    Watch::Pending { since, .. } => *since,
                    Watch::Firing { alert, .. } => alert.since,
                }),
                cooldown_until: cooldown,
                suppressed: None,
            });
        }
    }

    /// Whether a critical alert fires.
    pub(crate) fn is_urgent(&self) -> bool {
        let is_urgent = |alert: &Alert| alert.priority == domain::Priority::P0 && alert.level == Level::Block;
        self.watches.iter().flatten().filter_map(Watch::alert).any(is_urgent)
    }
}

fn pending(edge: &Edge, held: std::time::Duration) -> Text {
    let (hold, left) = (edge.hold, edge.hold.saturating_sub(held));
    Text::new(
        format!("no alert yet: held for {} of {}, {} left", span(held, false), span(hold, false), span(left, false)),
        format!("ещё не тревога: держится {} из {}, осталось {}", span(held, true), span(hold, true), span(left, true)),
    )
}

/// Whether people know, and if not, why.
pub(crate) fn firing(alert: &Alert, is_urgent: bool) -> Text {
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
        (Notification::Suppressed, None) => Text::new("nobody was told", "никто не оповещён"),
    };
    let inhibited = match is_urgent && alert.priority != domain::Priority::P0 {
        true => (
            "; Alertmanager holds it back while a P0 of this subject fires",
            "; Alertmanager придерживает его, пока у субъекта есть P0",
        ),
        false => ("", ""),
    };
    Text::new(format!("alert {id} fires: {en}{}", inhibited.0), format!("тревога {id}: {ru}{}", inhibited.1))
}
