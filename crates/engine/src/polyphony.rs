//! How the voices of a subject sound together: who disagrees, who leads, how near they are to one answer.

mod wording;

use std::cmp::Reverse;

use domain::{Conflict, Event, EventBody, Voice};
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::slots::Slots;
use crate::voices::{VoiceState, thousandths};

/// Above this activity a voice is heard: it counts towards a synthesis.
pub(crate) const AUDIBLE: f64 = 0.3;
/// What each conflict takes from harmony.
const DISCORD: f64 = 0.1;
/// What each conflict takes from the readiness for a synthesis.
const DISTRACTION: f64 = 0.2;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Polyphony {
    /// Those that go on, with their present intensity in thousandths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) conflicts: Vec<Conflict>,
    /// The first among the active voices. This and what follows is made anew from the rest after a restore.
    #[serde(skip)]
    pub(crate) leader: Option<Voice>,
    #[serde(skip)]
    pub(crate) harmony: f64,
    #[serde(skip)]
    pub(crate) readiness: f64,
    /// Who was active and who led when the slots were filled with it.
    #[serde(skip)]
    filled: Option<([bool; 7], Option<Voice>)>,
}

/// How much a voice gives at this activity.
pub(crate) fn energy(activity: f64) -> f64 {
    (1.2 * activity).min(1.0)
}

impl Polyphony {
    /// Ends conflicts of pairs that the rules in force no longer name.
    pub(crate) fn align(&mut self, context: &Context<'_>, voices: &[VoiceState; 7], events: &mut Vec<Event>) {
        let Self { conflicts, filled, .. } = self;
        *filled = None;
        conflicts.retain(|conflict| {
            let is_known = context.rules.voices.polyphony.conflicts.contains(&conflict.between);
            if !is_known {
                events.push(over(context, conflict, voices));
            }
            is_known
        });
    }

    /// Begins and ends conflicts, and measures the rest. Answers whether a conflict began or ended.
    pub(crate) fn sound(
        &mut self,
        context: &Context<'_>,
        voices: &[VoiceState; 7],
        slots: &mut Slots,
        events: &mut Vec<Event>,
    ) -> bool {
        let before = events.len();
        for between in &context.rules.voices.polyphony.conflicts {
            self.settle(context, *between, voices, events);
        }
        self.measure(context.rules, voices, slots);
        events.len() > before
    }

    /// Works out leader, harmony and readiness, and fills the slots that tell of them.
    pub(crate) fn measure(&mut self, rules: &Rules, voices: &[VoiceState; 7], slots: &mut Slots) {
        let polyphony = &rules.voices.polyphony;
        let conflicts = self.conflicts.len() as f64;
        let mean = voices.iter().map(|voice| energy(voice.activity)).sum::<f64>() / 7.0;
        let audible = voices.iter().filter(|voice| voice.activity > AUDIBLE).count() as f64 / 7.0;
        self.harmony = (mean - DISCORD * conflicts).clamp(0.0, 1.0);
        self.readiness = (audible * self.harmony * (1.0 - DISTRACTION * conflicts)).clamp(0.0, 1.0);
        self.leader = leader(rules, voices);

        let engine = &rules.signals.engine;
        let active = voices.each_ref().map(|voice| voice.activation().is_some());
        let now = Some((active, self.leader));
        if std::mem::replace(&mut self.filled, now) != now {
            let is_active = |voice: Voice| active[voice.index()];
            let is_other = |voice: &Voice| *voice != polyphony.integrator && is_active(*voice);
            let others = Voice::ALL.into_iter().filter(is_other).count();
            for voice in Voice::ALL {
                slots.set_flag(engine.active(voice), is_active(voice));
                slots.set_flag(engine.leads(voice), self.leader == Some(voice));
            }
            slots.set_flag(engine.multiple_voices_active, others >= usize::from(polyphony.multiple_from));
        }
        let is_strong = |conflict: &Conflict| conflict.intensity > polyphony.conflict_from;
        slots.set_flag(engine.conflict_detected, self.conflicts.iter().any(is_strong));
        slots.set(engine.harmony, self.harmony);
        slots.set(engine.synthesis_readiness, self.readiness);
    }

    fn settle(
        &mut self,
        context: &Context<'_>,
        between: [Voice; 2],
        voices: &[VoiceState; 7],
        events: &mut Vec<Event>,
    ) {
        let polyphony = &context.rules.voices.polyphony;
        let [one, other] = between.map(|voice| energy(voices[voice.index()].activity));
        let intensity = thousandths((one + other) / 2.0);
        match self.conflicts.iter_mut().position(|conflict| conflict.between == between) {
            None if intensity >= polyphony.conflict_from => {
                let conflict = begin(context, between, intensity);
                let reason = wording::disagree(context.rules, &conflict, voices);
                let body = EventBody::Conflict { conflict: conflict.clone(), over: false, reason };
                events.push(context.event(&name(between), body));
                self.conflicts.push(conflict);
            }
            None => {}
            Some(place) => {
                let conflict = &mut self.conflicts[place];
                conflict.intensity = intensity;
                let is_over = intensity < thousandths(polyphony.conflict_from - polyphony.conflict_hysteresis);
                // What began at this moment stays at least until the next, so that its two events have two names.
                if is_over && conflict.since < context.now {
                    events.push(over(context, conflict, voices));
                    self.conflicts.remove(place);
                }
            }
        }
    }
}

fn begin(context: &Context<'_>, between: [Voice; 2], intensity: f64) -> Conflict {
    let rank = |voice: Voice| context.rules.voices.get(voice).rank;
    let [one, other] = between;
    let leads = match rank(one).cmp(&rank(other)) {
        std::cmp::Ordering::Less => Some(one),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(other),
    };
    let integrator = context.rules.voices.polyphony.integrator;
    let mediates = (leads.is_none() && !between.contains(&integrator)).then_some(integrator);
    Conflict { between, intensity, leads, mediates, since: context.now }
}

fn over(context: &Context<'_>, conflict: &Conflict, voices: &[VoiceState; 7]) -> Event {
    let reason = wording::agree(context.rules, conflict, voices);
    let body = EventBody::Conflict { conflict: conflict.clone(), over: true, reason };
    context.event(&format!("{}.end", name(conflict.between)), body)
}

fn name([one, other]: [Voice; 2]) -> String {
    format!("conflict.{}-{}", one.name(), other.name())
}

/// Among the active voices the best rank, then the more urgent, then the one with more energy, then the first.
fn leader(rules: &Rules, voices: &[VoiceState; 7]) -> Option<Voice> {
    let standing = |voice: Voice| {
        let state = &voices[voice.index()];
        // Activities are thousandths: as whole numbers they have an order.
        let energy = (energy(state.activity) * 1_000_000.0) as u32;
        Some((rules.voices.get(voice).rank, Reverse(state.activation()?.urgency), Reverse(energy), voice))
    };
    Voice::ALL.into_iter().filter_map(standing).min().map(|(.., voice)| voice)
}
