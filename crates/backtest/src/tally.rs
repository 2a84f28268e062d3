use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::{Action, Alert, AlertState, Delivery, Event, EventBody, Light, Timestamp, Verdict};

use crate::{Area, Figures, Period};

/// Folds the events of one subject into figures.
#[derive(Debug)]
pub struct Tally {
    period: Period,
    figures: Figures,
    /// What is so now, under what can only be one thing at a time: the level of pain, the tone.
    holding: HashMap<(Area, String), (String, Timestamp)>,
    /// How many steps of each open alert were taken.
    steps: HashMap<String, usize>,
}

impl Tally {
    /// Nothing is so yet.
    pub fn new(period: Period) -> Self {
        Self { period, figures: Figures::default(), holding: HashMap::new(), steps: HashMap::new() }
    }

    /// Takes in an event; those of the time before the period tell what was so when it began.
    pub fn take(&mut self, event: &Event) {
        let at = event.at;
        match &event.body {
            EventBody::Levels { verdict, .. } => self.levels(verdict, at),
            EventBody::Alert { alert, .. } => self.alert(alert, at),
            EventBody::Signal { signal, value, .. } => self.flag(Area::Signal, signal, *value, at),
            EventBody::Voice { voice, stood_down, .. } => {
                self.flag(Area::Voice, voice.name(), stood_down.is_none(), at);
            }
            EventBody::Conflict { conflict, over, .. } => {
                let [one, other] = conflict.between;
                self.flag(Area::Conflict, &format!("{}, {}", one.name(), other.name()), !over, at);
            }
            EventBody::Action { action } => self.action(action, at),
            EventBody::Symbol { symbol, .. } => self.count(Area::Symbol, symbol.clone(), at),
            EventBody::Tone { tone, .. } => self.switch((Area::Tone, String::new()), Some(tone.tone.clone()), at),
            EventBody::Seam { seam } => self.switch((Area::State, String::new()), Some(seam.to.clone()), at),
            EventBody::Bifurcation { states, .. } => self.count(Area::Bifurcation, states.join(", "), at),
            // What they tell is in the others.
            EventBody::Chorus { .. } | EventBody::Silence { .. } | EventBody::Account { .. } => {}
            // They are not of the rules.
            EventBody::Experiment { .. } | EventBody::Artifact { .. } => {}
        }
    }

    /// What was so until the end of the period.
    pub fn finish(mut self) -> Figures {
        let until = self.period.until;
        for (key, (name, since)) in std::mem::take(&mut self.holding) {
            self.lasted(key.0, name, since, until);
        }
        self.figures
    }

    fn levels(&mut self, verdict: &Verdict, at: Timestamp) {
        for (vital, now) in verdict.present() {
            let level = if now.stale { "stale" } else { now.level.name() };
            self.switch((Area::Level, vital.name().to_owned()), Some(format!("{vital} {level}")), at);
        }
        let light = match verdict.light() {
            Light::Green => "green",
            Light::Yellow => "yellow",
            Light::Red => "red",
            Light::Black => "black",
        };
        self.switch((Area::Light, String::new()), Some(light.to_owned()), at);
    }

    fn alert(&mut self, alert: &Alert, at: Timestamp) {
        let fires = alert.state == AlertState::Firing;
        let name = format!("{} {}", alert.priority.name(), alert.name);
        self.switch((Area::Alert, alert.id.clone()), fires.then_some(name), at);
        let taken = alert.escalation.taken.len();
        let before = if fires { self.steps.insert(alert.id.clone(), taken) } else { self.steps.remove(&alert.id) };
        for step in alert.escalation.chain.iter().take(taken).skip(before.unwrap_or(0)) {
            let channels: Vec<_> = step.channels.iter().map(|channel| channel.name()).collect();
            let ways = if channels.is_empty() { "Alertmanager alone".to_owned() } else { channels.join(", ") };
            let priority = alert.priority.name();
            match &*step.role {
                "" => self.count(Area::Shown, format!("{priority} by {ways}"), at),
                role => self.count(Area::Told, format!("{priority} {role} by {ways}"), at),
            }
        }
    }

    /// An action is told again when its webhooks have taken it; it was taken once.
    fn action(&mut self, action: &Action, at: Timestamp) {
        if matches!(action.delivery, Delivery::None | Delivery::Pending) {
            self.count(Area::Action, action.action.clone(), at);
        }
    }

    fn flag(&mut self, area: Area, name: &str, holds: bool, at: Timestamp) {
        self.switch((area, name.to_owned()), holds.then(|| name.to_owned()), at);
    }

    /// From now on this is so, or nothing, instead of what was.
    fn switch(&mut self, key: (Area, String), to: Option<String>, at: Timestamp) {
        let area = key.0;
        let before = match (self.holding.entry(key), to) {
            (Entry::Occupied(holding), Some(name)) if holding.get().0 == name => return,
            (Entry::Occupied(mut holding), Some(name)) => {
                let before = holding.insert((name.clone(), at));
                self.count(area, name, at);
                before
            }
            (Entry::Occupied(holding), None) => holding.remove(),
            (Entry::Vacant(place), Some(name)) => {
                place.insert((name.clone(), at));
                return self.count(area, name, at);
            }
            (Entry::Vacant(_), None) => return,
        };
        self.lasted(area, before.0, before.1, at);
    }

    fn count(&mut self, area: Area, name: String, at: Timestamp) {
        if (self.period.since..self.period.until).contains(&at) {
            self.figures.count(area, name, 1);
        }
    }

    fn lasted(&mut self, area: Area, name: String, from: Timestamp, to: Timestamp) {
        let lasting = to.min(self.period.until).since(from.max(self.period.since));
        if !lasting.is_zero() {
            self.figures.lasted(area, name, lasting);
        }
    }
}

#[cfg(test)]
mod tests;
