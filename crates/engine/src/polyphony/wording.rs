//! What is said of a conflict, in both languages. It gives the numbers and says how it is settled.

use domain::{Conflict, Text};
use rules::Rules;

use super::energy;
use crate::voices::VoiceState;

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
