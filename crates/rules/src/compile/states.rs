use std::ops::RangeInclusive;
use std::time::Duration;

use domain::SeamKind;
use yaml_file::{Entry, Findings};

use super::Names;
use super::numbers::{DAY, entries, share, time};
use crate::rules::{StateRule, States};
use crate::written::Word;
use crate::written::states::{StateFile, StatesFile};

/// The state that is none of them.
const UNKNOWN: &str = "UNKNOWN";
const DWELLS: RangeInclusive<Duration> = Duration::ZERO..=DAY;

/// What `states.yml` says.
pub(crate) fn compile(file: &StatesFile, names: &mut Names, findings: &mut Findings) -> States {
    let mut list: Vec<StateRule> = Vec::new();
    for entry in entries(&file.states, "states", findings) {
        let Some(state) = state(entry, names, findings) else { continue };
        if let Some(earlier) = list.iter().find(|earlier| earlier.when == state.when) {
            let message = format!("`{}` has the same condition: this state is never reached", earlier.id);
            findings.add_with_hint(entry.value.when.place, message, "the first state that holds is taken");
        }
        list.push(state);
    }
    States {
        list,
        unknown: file.unknown.read(findings),
        dwell: time(&file.dwell, &DWELLS, findings),
        strong_from: share(&file.strong_from, "strong_from", findings).unwrap_or(0.0),
        bifurcation_reach: share(&file.bifurcation.reach, "the reach", findings).unwrap_or(0.0),
        bifurcation_cooldown: time(&file.bifurcation.cooldown, &(Duration::ZERO..=DAY), findings),
    }
}

fn state(entry: &Entry<StateFile>, names: &mut Names, findings: &mut Findings) -> Option<StateRule> {
    let (file, id) = (&entry.value, entry.name.as_str());
    if id == UNKNOWN {
        let hint = "choose another name for this one";
        findings.add_with_hint(entry.place, "`UNKNOWN` is what is left when no state holds", hint);
    } else if !is_state_name(id) {
        let hint = "A-Z, 0-9 and _, beginning with a letter, at most 64 of them";
        findings.add_with_hint(entry.place, format!("`{id}` is no name of a state"), hint);
    }
    let name = file.name.read(findings);
    let kind = |written: Option<&yaml_file::Scalar<Word<SeamKind>>>, findings: &mut Findings| {
        written.and_then(|written| written.read(findings)).map(|Word(kind)| kind)
    };
    let into = kind(file.into.as_ref(), findings).unwrap_or(SeamKind::Bridge);
    let out = kind(file.out.as_ref(), findings);
    let dwell = file.dwell.as_ref().map(|dwell| time(dwell, &DWELLS, findings));
    let when = names.condition(&file.when, findings)?;
    Some(StateRule { id: id.to_owned(), name, when, dwell, into, out })
}

fn is_state_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
