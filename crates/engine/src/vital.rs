//! One vital of one subject: its value, and a watch for each edge of its band.

pub(crate) mod explain;

use domain::{Alert, Event, Notification, Priority, Side, Timestamp, VitalVerdict};
use rules::{Band, Edge, Rules};
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::watch::{self, Complaint, Watch};
use crate::wording;

/// Tells which automatic actions answer what is wrong now. It is asked when an alert opens.
pub(crate) type Answers<'a> = &'a dyn Fn() -> Vec<String>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct VitalState {
    /// The latest judged value.
    pub(crate) value: f64,
    /// Its time: that of the sample, or of its arrival if the sample's lies in the future.
    pub(crate) seen: Timestamp,
    /// Its log number.
    pub(crate) cause: u64,
    /// One place for each side and priority.
    watches: [Option<Watch>; 6],
    /// Whether it is known that there is no watch: of a healthy vital nothing more is looked at.
    #[serde(skip)]
    is_quiet: bool,
    /// The last notification: when, and how urgent.
    notified: Option<(Timestamp, Priority)>,
}

/// The place of an edge among the watches: the most urgent of a side first, so that people are told in this order.
const fn place(side: Side, priority: Priority) -> usize {
    side as usize * 3 + (Priority::P0 as usize - priority as usize)
}

impl VitalState {
    pub(crate) const fn new(value: f64, seen: Timestamp, cause: u64) -> Self {
        Self { value, seen, cause, watches: [const { None }; 6], is_quiet: true, notified: None }
    }

    /// The true level of the present value, and when it began: `before` tells whether it was so already.
    pub(crate) fn verdict(&self, context: &Context<'_>, band: &Band, before: Option<&VitalVerdict>) -> VitalVerdict {
        let is_beyond = |edge: &&Edge| edge.is_beyond(self.value);
        let is_ok = context.layout.is_ok(band.vital, self.value);
        let edges = if is_ok { &[] } else { band.edges.as_slice() };
        let beyond = edges.iter().filter(is_beyond).max_by_key(|edge| edge.priority);
        let verdict = VitalVerdict {
            level: beyond.map_or(domain::Level::Ok, Edge::level),
            priority: beyond.map(|edge| edge.priority),
            side: beyond.map(|edge| edge.side),
            since: context.now,
            value: self.value,
            stale: false,
        };
        match before {
            Some(before)
                if (before.level, before.priority, before.side) == (verdict.level, verdict.priority, verdict.side) =>
            {
                VitalVerdict { since: before.since, value: before.value, ..verdict }
            }
            _ => verdict,
        }
    }

    /// Moves every watch on by the present value.
    pub(crate) fn watch(&mut self, context: &Context<'_>, band: &Band, answers: Answers<'_>, events: &mut Vec<Event>) {
        if self.is_quiet && context.layout.is_ok(band.vital, self.value) {
            return;
        }
        for edge in &band.edges {
            let place = place(edge.side, edge.priority);
            let is_beyond = edge.is_beyond(self.value);
            match &mut self.watches[place] {
                None if is_beyond && edge.hold.is_zero() => {
                    self.open(context, band, edge, (context.now, self.cause), answers, events)
                }
                None if is_beyond => {
                    self.watches[place] = Some(Watch::Pending { since: context.now, cause: self.cause })
                }
                None => {}
                Some(watch) if is_beyond => watch.hold_on(),
                Some(_) if !edge.is_cleared(self.value, band.hysteresis) => {}
                Some(Watch::Pending { .. }) => self.watches[place] = None,
                Some(watch) => watch.let_go(context.now, edge.keep_firing, context.rules.minimum_hold),
            }
        }
        self.end_what_is_over(context, events);
    }

    /// Does what time alone brings about at `context.now`.
    pub(crate) fn elapse(
        &mut self,
        context: &Context<'_>,
        band: &Band,
        is_stale: bool,
        answers: Answers<'_>,
        events: &mut Vec<Event>,
    ) {
        if self.is_quiet {
            return;
        }
        for edge in band.edges.iter().filter(|_| !is_stale) {
            if let Some(Watch::Pending { since, cause }) = self.watches[place(edge.side, edge.priority)]
                && since.plus(edge.hold) <= context.now
            {
                self.open(context, band, edge, (since, cause), answers, events);
            }
        }
        self.drop_what_nothing_watches(context, band, events);
        self.end_what_is_over(context, events);
        self.go_on(context, events);
    }

    /// When time alone will next bring something about.
    pub(crate) fn due(&self, rules: &Rules, band: &Band, is_stale: bool) -> Option<Timestamp> {
        if self.is_quiet {
            return None;
        }
        let due = |(index, watch): (usize, &Option<Watch>)| {
            let watch = watch.as_ref()?;
            match (band.edges.iter().find(|edge| place(edge.side, edge.priority) == index), watch) {
                // Changed rules no longer have this edge: now, whenever that is.
                (None, _) => Some(Timestamp::default()),
                (Some(_), Watch::Pending { .. }) if is_stale => None,
                (Some(edge), Watch::Pending { since, .. }) => Some(since.plus(edge.hold)),
                (Some(_), Watch::Firing { .. }) => watch.due(rules),
            }
        };
        self.watches.iter().enumerate().filter_map(due).min()
    }

    /// Nothing is known any more: what was only pending is forgotten, what fires goes on.
    pub(crate) fn freeze(&mut self) {
        for watch in &mut self.watches {
            if matches!(watch, Some(Watch::Pending { .. })) {
                *watch = None;
            }
        }
    }

    /// The open alert with this id.
    pub(crate) fn alert_mut(&mut self, id: &str) -> Option<&mut Alert> {
        self.watches.iter_mut().flatten().filter_map(Watch::alert_mut).find(|alert| alert.id == id)
    }

    fn open(
        &mut self,
        context: &Context<'_>,
        band: &Band,
        edge: &Edge,
        (since, cause): (Timestamp, u64),
        answers: Answers<'_>,
        events: &mut Vec<Event>,
    ) {
        let complaint = Complaint {
            id: format!("{}-{cause}.{}", context.partition, edge.rule),
            rule: edge.rule.clone(),
            name: edge.alert.clone(),
            vital: Some(band.vital),
            side: Some(edge.side),
            level: edge.level(),
            priority: edge.priority,
            value: self.value,
            threshold: edge.at,
            since,
            actions: answers(),
            summary: wording::summary(context.subject, band, edge, self.value),
            description: edge.reason.clone(),
            recommendation: edge.recommendation.clone(),
        };
        let ready = ready(self.notified, edge.priority, band, context.now);
        let watch = Watch::open(context, complaint, ready, events);
        if let Some(Alert { notification: Notification::Sent { at }, priority, .. }) = watch.alert() {
            self.notified = Some((*at, *priority));
        }
        self.watches[place(edge.side, edge.priority)] = Some(watch);
    }

    fn drop_what_nothing_watches(&mut self, context: &Context<'_>, band: &Band, events: &mut Vec<Event>) {
        for (index, watch) in self.watches.iter_mut().enumerate() {
            let is_watched = band.edges.iter().any(|edge| place(edge.side, edge.priority) == index);
            if !is_watched && let Some(alert) = watch.take().as_mut().and_then(Watch::alert_mut) {
                events.push(watch::resolve(alert, context.now));
            }
        }
    }

    /// Ends every alert at once, and remembers nothing of whom was told.
    pub(crate) fn end_all(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        for watch in &mut self.watches {
            if let Some(alert) = watch.take().as_mut().and_then(Watch::alert_mut) {
                events.push(watch::resolve(alert, context.now));
            }
        }
        (self.is_quiet, self.notified) = (true, None);
    }

    fn end_what_is_over(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        for watch in self.watches.iter_mut().filter(|watch| watch.as_ref().is_some_and(|w| w.is_over(context.now))) {
            if let Some(alert) = watch.take().as_mut().and_then(Watch::alert_mut) {
                events.push(watch::resolve(alert, context.now));
            }
        }
        self.is_quiet = self.watches.iter().all(Option::is_none);
    }

    /// Lets every open alert go on; all that were held until now are told together.
    fn go_on(&mut self, context: &Context<'_>, events: &mut Vec<Event>) {
        for watch in self.watches.iter_mut().flatten() {
            if watch.elapse(context, events)
                && let Some(alert) = watch.alert()
            {
                told(&mut self.notified, alert.priority, context.now);
            }
        }
    }

    /// Silences began or ended, as the event `cause` tells; all that were held until now are told together.
    pub(crate) fn heed_silences(&mut self, context: &Context<'_>, band: &Band, cause: &str, events: &mut Vec<Event>) {
        let before = self.notified;
        for watch in self.watches.iter_mut().flatten() {
            let Some(priority) = watch.alert().map(|alert| alert.priority) else { continue };
            let ready = ready(before, priority, band, context.now);
            if watch.heed_silences(context, ready, cause, events) {
                told(&mut self.notified, priority, context.now);
            }
        }
    }
}

/// When people may be told of an alert: after the cooldown of what they were told before, unless it is more urgent.
fn ready(notified: Option<(Timestamp, Priority)>, priority: Priority, band: &Band, now: Timestamp) -> Timestamp {
    match notified {
        Some((at, last)) if priority <= last => at.plus(band.cooldown).max(now),
        _ => now,
    }
}

/// Notes that people are told now; of all that they are told at one moment the most urgent counts.
fn told(notified: &mut Option<(Timestamp, Priority)>, priority: Priority, now: Timestamp) {
    let before = notified.filter(|(at, _)| *at == now).map(|(_, priority)| priority);
    *notified = Some((now, before.map_or(priority, |before| before.max(priority))));
}
