//! How the edges of a vital stand, and why people were told or not.

use domain::{Alert, Text};
use rules::{Band, Edge};

use super::{VitalState, place};
use crate::context::Context;
use crate::explain::{RuleKind, RuleNow};
use crate::watch::Watch;
use crate::{phrases, wording};

impl VitalState {
    /// How each edge stands now. `inhibitor` is the critical alert of the subject of which people were told.
    pub(crate) fn explain(
        &self,
        context: &Context<'_>,
        band: &Band,
        is_stale: bool,
        inhibitor: Option<&Alert>,
        out: &mut Vec<RuleNow>,
    ) {
        out.extend(band.edges.iter().map(|edge| self.explain_edge(context, band, edge, is_stale, inhibitor)));
    }

    fn explain_edge(
        &self,
        context: &Context<'_>,
        band: &Band,
        edge: &Edge,
        is_stale: bool,
        inhibitor: Option<&Alert>,
    ) -> RuleNow {
        let watch = self.watches[place(edge.side, edge.priority)].as_ref();
        let holds = (!is_stale).then(|| edge.is_beyond(self.value));
        let says = match is_stale {
            true => Text::new("no value comes: nothing is known now", "значений нет: сейчас ничего не известно"),
            false => Text::new("the value is not beyond the edge", "значение не за границей"),
        };
        let now = RuleNow {
            value: Some(self.value),
            threshold: Some(edge.at),
            for_seconds: Some(edge.hold.as_secs_f64()),
            // A rise in priority is never held back.
            cooldown_until: self
                .notified
                .filter(|(_, last)| edge.priority <= *last)
                .map(|(at, _)| at.plus(band.cooldown))
                .filter(|until| *until > context.now),
            ..RuleNow::plain(RuleKind::Edge, &edge.rule, holds, wording::beyond(band, edge, self.value), says)
        };
        match watch {
            None => now,
            Some(Watch::Pending { since, .. }) => {
                let held = context.now.since(*since);
                let (since, held_seconds) = (Some(*since), Some(held.as_secs_f64()));
                RuleNow { state: phrases::pending(held, edge.hold), since, held_seconds, ..now }
            }
            Some(Watch::Firing { alert, .. }) => now.with_alert(alert, inhibitor, context.now),
        }
    }

    /// The alerts that fire.
    pub(crate) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.watches.iter().flatten().filter_map(Watch::alert)
    }
}

/// How the edges of a vital stand of which no value ever came.
pub(crate) fn never_measured(band: &Band, out: &mut Vec<RuleNow>) {
    out.extend(band.edges.iter().map(|edge| RuleNow {
        for_seconds: Some(edge.hold.as_secs_f64()),
        ..RuleNow::never_measured(RuleKind::Edge, &edge.rule, edge.at)
    }));
}
