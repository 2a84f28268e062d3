//! What is said of a conflict, in both languages. It gives the numbers and says how it is settled.

use conditions::Condition;
use domain::{Conflict, Text, Voice};
use rules::Rules;

use super::{Polyphony, energy};
use crate::slots::Slots;
use crate::voices::VoiceState;

impl Polyphony {
    /// Adds to the reason of an activation which voices made its condition hold, if it is about the others.
    pub(crate) fn add_who(&self, rules: &Rules, slots: &Slots, condition: &Condition, reason: &mut Text) {
        let name = |voice: &Voice| &rules.voices.get(*voice).name;
        let engine = &rules.signals.engine;
        let holds = |flag| condition.slots().contains(&flag) && slots.values()[flag.index()] == 1.0;
        if holds(engine.conflict_detected) {
            for conflict in &self.conflicts {
                let ([one, other], (en, ru)) = (conflict.between.each_ref().map(name), numbers(conflict.intensity));
                reason.en.push_str(&format!(" ({} and {}, {en})", one.en, other.en));
                reason.ru.push_str(&format!(" ({} и {}, {ru})", one.ru, other.ru));
            }
        }
        if holds(engine.multiple_voices_active) {
            let is_active = |voice: &Voice| slots.values()[engine.active(*voice).index()] == 1.0;
            let active: Vec<Voice> = Voice::ALL.into_iter().filter(is_active).collect();
            let list =
                |of: fn(&Text) -> &str| active.iter().map(|voice| of(name(voice))).collect::<Vec<_>>().join(", ");
            reason.en.push_str(&format!(" ({})", list(|name| &name.en)));
            reason.ru.push_str(&format!(" ({})", list(|name| &name.ru)));
        }
    }
}

/// That two voices disagree, and who goes first.
pub(super) fn disagree(rules: &Rules, conflict: &Conflict, voices: &[VoiceState; 7]) -> Text {
    let [one, other] = speakers(rules, conflict, voices);
    let name = |voice| &rules.voices.get(voice).name;
    let (settled_en, settled_ru) = match (conflict.leads, conflict.mediates) {
        (Some(leader), _) => {
            let waits = conflict.between.into_iter().find(|voice| *voice != leader).map_or(leader, |voice| voice);
            let (leader, waits) = (name(leader), name(waits));
            (format!(": {} leads, {} waits", leader.en, waits.en), format!(": ведёт {}, {} ждёт", leader.ru, waits.ru))
        }
        (None, Some(mediator)) => {
            let mediator = name(mediator);
            (format!(": {} mediates", mediator.en), format!(": мирит {}", mediator.ru))
        }
        (None, None) => (String::new(), String::new()),
    };
    let (intensity, intensity_ru) = numbers(conflict.intensity);
    Text::new(
        format!("{} and {} disagree, intensity {intensity}{settled_en}", one.en, other.en),
        format!("{} и {} спорят, сила {intensity_ru}{settled_ru}", one.ru, other.ru),
    )
}

/// That the conflict is over.
pub(super) fn agree(rules: &Rules, conflict: &Conflict, voices: &[VoiceState; 7]) -> Text {
    let [one, other] = speakers(rules, conflict, voices);
    let (intensity, intensity_ru) = numbers(conflict.intensity);
    Text::new(
        format!("{} and {} no longer disagree, intensity {intensity}", one.en, other.en),
        format!("{} и {} больше не спорят, сила {intensity_ru}", one.ru, other.ru),
    )
}

/// The two with their energies: Kayn (0.82).
fn speakers(rules: &Rules, conflict: &Conflict, voices: &[VoiceState; 7]) -> [Text; 2] {
    conflict.between.map(|voice| {
        let name = &rules.voices.get(voice).name;
        let (en, ru) = numbers(energy(voices[voice.index()].activity));
        Text::new(format!("{} ({en})", name.en), format!("{} ({ru})", name.ru))
    })
}

fn numbers(number: f64) -> (String, String) {
    let en = format!("{number:.2}");
    let ru = en.replace('.', ",");
    (en, ru)
}
