mod actions;
mod escalation;
mod objectives;
mod signals;
mod states;
mod voices;

use std::time::Duration;

use conditions::Condition;
use domain::{Level, Priority, Side, Text, Vital};

pub use actions::{ActionRule, Actions, Interference, Webhook};
pub use escalation::{EscalationRules, SubjectPattern, Window, next_in_week};
pub use objectives::{Burn, Objectives};
pub use signals::{Derived, EngineSlots, Signals};
pub use states::{StateRule, States};
pub use voices::{Polyphony, Symbol, Tone, Trigger, Veto, VoiceRule, Voices};

/// Everything the engine judges by: checked, complete, never changed once made.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// One for each vital, in the order of [`Vital::ALL`].
    pub bands: [Band; 4],
    /// When a subject counts as silent.
    pub staleness: Staleness,
    /// How long an alert stays once it fired, however short its cause was.
    pub minimum_hold: Duration,
    /// What share of the time vitals should be inside their OK zones.
    pub objectives: Objectives,
    /// The names that conditions use.
    pub signals: Signals,
    /// The seven voices.
    pub voices: Voices,
    /// What is done by itself.
    pub actions: Actions,
    /// Rituals, in the order in which they are looked at.
    pub symbols: Vec<Symbol>,
    /// Tonal modes: the first that holds.
    pub tones: Vec<Tone>,
    /// How the tone is shown that is none of them.
    pub neutral: Text,
    /// Phases.
    pub states: States,
    /// Who is told, and when not.
    pub escalation: EscalationRules,
    /// Of all that they say, 16 hexadecimal digits: tells which rules a verdict rests on.
    pub hash: String,
}

impl Rules {
    /// The band of `vital`.
    pub const fn band(&self, vital: Vital) -> &Band {
        &self.bands[vital.index()]
    }

    /// Every condition of theirs.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let derived = self.signals.derived.iter().map(|derived| &derived.when);
        let voices = self.voices.voices.iter().flat_map(VoiceRule::conditions).chain([&self.voices.veto.when]);
        let actions = self.actions.list.iter().map(|action| &action.when);
        let symbols = self.symbols.iter().map(|symbol| &symbol.when);
        let tones = self.tones.iter().map(|tone| &tone.when);
        let states = self.states.list.iter().map(|state| &state.when);
        derived.chain(voices).chain(actions).chain(symbols).chain(tones).chain(states)
    }
}

/// The zones of one vital.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Of which vital.
    pub vital: Vital,
    /// How it is shown.
    pub name: Text,
    /// The best part of the OK zone, from and to.
    pub optimum: (f64, f64),
    /// What to aim for.
    pub target: f64,
    /// How far inside its edge a value must come before the edge's rule lets go.
    pub hysteresis: f64,
    /// Least time between two notifications of a subject about this vital, unless the priority rises.
    pub cooldown: Duration,
    /// From the most to the least urgent, on each side; at most one for each side and priority.
    pub edges: Vec<Edge>,
}

impl Band {
    /// The least and the greatest value that is beyond no edge.
    pub fn ok(&self) -> (f64, f64) {
        let inside = |side: Side| self.edges.iter().filter(move |edge| edge.side == side).map(Edge::last_inside);
        (inside(Side::Low).fold(f64::NEG_INFINITY, f64::max), inside(Side::High).fold(f64::INFINITY, f64::min))
    }
}

/// One edge of a band, and the rule that watches it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The rule's id, e.g. `pain_critical_high`.
    pub rule: String,
    /// The alert's name, e.g. `PainCriticalHigh`.
    pub alert: String,
    /// On which side of the OK zone.
    pub side: Side,
    /// WARN is P2, BLOCK P1, critical P0.
    pub priority: Priority,
    /// Where it stands, in [0, 1].
    pub at: f64,
    /// Whether a value on the edge itself is beyond it.
    pub inclusive: bool,
    /// How long a value must be beyond it before an alert opens.
    pub hold: Duration,
    /// How long the alert goes on after the value came back.
    pub keep_firing: Duration,
    /// Why it matters.
    pub reason: Text,
    /// What to do first.
    pub recommendation: Text,
}

impl Edge {
    /// Whether `value` is beyond the edge.
    pub fn is_beyond(&self, value: f64) -> bool {
        is_beyond(self.side, self.inclusive, self.at, value)
    }

    /// Whether `value` has come back far enough for the rule to let go: to the number that edge and hysteresis make on paper.
    pub fn is_cleared(&self, value: f64, hysteresis: f64) -> bool {
        match self.side {
            Side::High => !self.is_beyond(value) && value <= self.at - hysteresis + ROUNDING,
            Side::Low => !self.is_beyond(value) && value >= self.at + hysteresis - ROUNDING,
        }
    }

    /// The last value that is not beyond it.
    fn last_inside(&self) -> f64 {
        match (self.side, self.inclusive) {
            (_, false) => self.at,
            (Side::High, true) => self.at.next_down(),
            (Side::Low, true) => self.at.next_up(),
        }
    }

    /// The level of a value beyond it.
    pub const fn level(&self) -> Level {
        self.priority.level()
    }
}

/// Decimal fractions are not exact, and 0.95 less 0.02 is a little less than 0.93: a billionth decides nothing.
const ROUNDING: f64 = 1e-9;

pub(crate) fn is_beyond(side: Side, inclusive: bool, at: f64, value: f64) -> bool {
    match (side, inclusive) {
        (Side::High, true) => value >= at,
        (Side::High, false) => value > at,
        (Side::Low, true) => value <= at,
        (Side::Low, false) => value < at,
    }
}

/// What happens when samples stay away.
#[derive(Clone, Debug, PartialEq)]
pub struct Staleness {
    /// After how long without a value a vital is stale.
    pub after: Duration,
    /// How urgent the alert is.
    pub priority: Priority,
    /// Why it matters.
    pub reason: Text,
    /// What to do first.
    pub recommendation: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_lets_go_where_it_does_on_paper() {
        let bands = crate::Rules::built_in().bands;
        let edges = bands.iter().flat_map(|band| band.edges.iter().map(move |edge| (edge, band.hysteresis)));
        for (edge, hysteresis) in edges {
            // On paper: as decimal numbers of three digits.
            let [at, margin] = [edge.at, hysteresis].map(|number| (number * 1_000.0).round() as i32);
            let inward = if edge.side == Side::High { -1 } else { 1 };
            let is_cleared = |thousandths: i32| edge.is_cleared(f64::from(thousandths) / 1_000.0, hysteresis);
            assert!(is_cleared(at + inward * margin), "{}", edge.rule);
            assert!(!is_cleared(at + inward * (margin - 1)), "{}", edge.rule);
        }
    }
}
