use std::time::Duration;

use conditions::Condition;
use domain::{Text, Urgency, Voice};

/// The seven voices and how they get along.
#[derive(Clone, Debug, PartialEq)]
pub struct Voices {
    /// One for each voice, in the order of [`Voice::ALL`].
    pub voices: [VoiceRule; 7],
    /// An activation ends when its own trigger has not held for so long.
    pub expiry: Duration,
    /// How they sound together.
    pub polyphony: Polyphony,
    /// While this holds, what the rules call subject to it is not done: no chaos is injected, no experiment begins.
    pub veto: Veto,
}

impl Voices {
    /// The rule of `voice`.
    pub const fn get(&self, voice: Voice) -> &VoiceRule {
        &self.voices[voice.index()]
    }
}

/// One voice.
#[derive(Clone, Debug, PartialEq)]
pub struct VoiceRule {
    /// Which.
    pub voice: Voice,
    /// How it is shown: Kayn, Кайн.
    pub name: Text,
    /// What it is: truth seeker.
    pub archetype: Text,
    /// How it is shown: a colour as CSS writes it.
    pub colour: String,
    /// How it sounds, in hertz.
    pub pitch_hertz: f64,
    /// How it sounds: sine, sawtooth, triangle, square.
    pub waveform: String,
    /// 1 goes first when voices compete for the lead.
    pub rank: u8,
    /// What activates it.
    pub triggers: Vec<Trigger>,
    /// When it stands down.
    pub stands_down: Condition,
}

impl VoiceRule {
    /// Every condition of its.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.triggers.iter().map(|trigger| &trigger.when).chain([&self.stands_down])
    }
}

/// What activates a voice.
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    /// `kayn.1`: the voice and its place among the voice's triggers.
    pub id: String,
    /// The condition.
    pub when: Condition,
    /// How much it presses.
    pub urgency: Urgency,
    /// From the end of an activation by this trigger, the voice is not activated by one as urgent or less for so long.
    pub cooldown: Duration,
    /// What the voice does, e.g. `request_verification`.
    pub response: String,
    /// What is said behind the numbers of its reason: "play begins".
    pub says: Text,
}

/// How voices sound together.
#[derive(Clone, Debug, PartialEq)]
pub struct Polyphony {
    /// Pairs that pull in different directions.
    pub conflicts: Vec<[Voice; 2]>,
    /// Pairs that strengthen each other.
    pub synergies: Vec<[Voice; 2]>,
    /// A conflict is told from this intensity on (0.7).
    pub conflict_from: f64,
    /// A conflict is over so far below that (0.05).
    pub conflict_hysteresis: f64,
    /// Both voices of a synergy are above this activity (0.5).
    pub synergy_above: f64,
    /// `multiple_voices_active` from so many active voices besides the integrator (2).
    pub multiple_from: u8,
    /// Who mediates equals, and integrates.
    pub integrator: Voice,
    /// How much an activity must change to be told (0.05).
    pub told_change: f64,
    /// How often changes of activity are told at most (5 s).
    pub told_every: Duration,
}

/// The right of one voice to stop things.
#[derive(Clone, Debug, PartialEq)]
pub struct Veto {
    /// Whose.
    pub voice: Voice,
    /// While what holds.
    pub when: Condition,
    /// Why, for people.
    pub reason: Text,
}

/// A ritual that is performed when its condition becomes true.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// Its name, e.g. `pause`.
    pub id: String,
    /// How it looks.
    pub glyph: String,
    /// How it is shown.
    pub name: Text,
    /// When.
    pub when: Condition,
    /// By whom.
    pub voice: Voice,
    /// What is said behind the numbers of its reason: "a pause before the next step".
    pub says: Text,
    /// So many times in a row, before a symbol of another voice must come.
    pub in_a_row: u8,
    /// So many times within an hour; none for no limit.
    pub an_hour: Option<u8>,
}

/// A tonal mode. The first whose condition holds is the subject's.
#[derive(Clone, Debug, PartialEq)]
pub struct Tone {
    /// Its name, e.g. `recovery`.
    pub id: String,
    /// How it is shown.
    pub name: Text,
    /// When.
    pub when: Condition,
    /// Whose.
    pub voice: Voice,
}
