use std::time::Duration;

use indicatif::HumanCount;
use load::{Counts, Plan, Window};

use super::report::millis;

/// How it goes, a line for each window.
pub(super) struct Progress {
    length: Duration,
    warm_up: Duration,
    before: (Duration, Counts),
}

impl Progress {
    pub(super) fn of(plan: &Plan) -> Self {
        Self { length: plan.warm_up + plan.length, warm_up: plan.warm_up, before: Default::default() }
    }

    pub(super) fn line(&mut self, window: &Window) -> String {
        let (at, counts) = (window.at, window.counts);
        let (then, before) = std::mem::replace(&mut self.before, (at, counts));
        let seconds = at.saturating_sub(then).as_secs_f64().max(0.001);
        let rate = |now: u64, before: u64| HumanCount((now.saturating_sub(before) as f64 / seconds).round() as u64);
        let p99 = |times: &load::Times| {
            if times.is_empty() { String::new() } else { format!(", p99 {}", millis(times, 0.99)) }
        };
        let mut line = format!(
            "{:>4} of {} s  {}/s acknowledged{}  {}/s seen{}  {} viewers",
            at.as_secs(),
            self.length.as_secs(),
            rate(counts.acknowledged, before.acknowledged),
            p99(&window.acknowledged),
            rate(counts.delivered, before.delivered),
            p99(&window.seen),
            counts.there,
        );
        if at < self.warm_up {
            line.push_str("  warming up");
        }
        if at > self.length {
            line.push_str("  waiting for the rest");
        }
        for (count, what) in [
            (counts.busy, "told to come back later"),
            (counts.broken, "requests without an answer"),
            (counts.lost, "connections of viewers lost"),
            (counts.gaps, "gaps"),
        ] {
            if count > 0 {
                line.push_str(&format!("  {} {what}", HumanCount(count)));
            }
        }
        line
    }
}
