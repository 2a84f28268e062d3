use std::time::Duration;

use domain::Voice;
use yaml_file::Findings;

use super::numbers::{share, time, whole};
use crate::rules::Polyphony;
use crate::written::Word;
use crate::written::voices::{PairsFile, PolyphonyFile};

/// How voices sound together.
pub(super) fn compile(file: &PolyphonyFile, findings: &mut Findings) -> Polyphony {
    let mut known = Vec::new();
    let conflicts = pairs(&file.conflicts, &mut known, findings);
    let synergies = pairs(&file.synergies, &mut known, findings);
    let conflict_from = share(&file.conflict_from, "conflict_from", findings);
    let conflict_hysteresis = share(&file.conflict_hysteresis, "conflict_hysteresis", findings);
    if let (Some(from), Some(hysteresis)) = (conflict_from, conflict_hysteresis)
        && hysteresis >= from
    {
        let message = format!("a conflict that begins at {from} would never be over");
        let hint = "it is over so far below: choose less, e.g. 0.05";
        findings.add_with_hint(file.conflict_hysteresis.place, message, hint);
    }
    Polyphony {
        conflicts,
        synergies,
        conflict_from: conflict_from.unwrap_or(0.0),
        conflict_hysteresis: conflict_hysteresis.unwrap_or(0.0),
        synergy_above: share(&file.synergy_above, "synergy_above", findings).unwrap_or(0.0),
        multiple_from: whole(&file.multiple_from, "multiple_from", &(2..=6), findings).unwrap_or(2),
        integrator: file.integrator.read(findings).map_or(Voice::Iskra, |Word(voice)| voice),
        told_change: share(&file.told_change, "told_change", findings).unwrap_or(0.0),
        told_every: time(&file.told_every, &(Duration::ZERO..=Duration::from_secs(3_600)), findings),
    }
}

/// Pairs of two voices each, none of them there twice, in whatever order.
fn pairs(file: &PairsFile, known: &mut Vec<[Voice; 2]>, findings: &mut Findings) -> Vec<[Voice; 2]> {
    let mut pairs = Vec::new();
    for written in file {
        let voices: Vec<Option<Voice>> =
            written.value.iter().map(|voice| voice.read(findings).map(|Word(voice)| voice)).collect();
        match voices.as_slice() {
            [Some(one), Some(other)] if one == other => {
                findings.add_with_hint(written.place, "a pair needs two different voices", "like [kayn, pino]");
            }
            [Some(one), Some(other)] if known.iter().any(|pair| pair.contains(one) && pair.contains(other)) => {
                let message = format!("{} and {} are a pair already", one.name(), other.name());
                findings.add_with_hint(
                    written.place,
                    message,
                    "two voices either strengthen or hinder each other, once",
                );
            }
            [Some(one), Some(other)] => {
                known.push([*one, *other]);
                pairs.push([*one, *other]);
            }
            [_, _] => {}
            others => {
                let message = format!("a pair needs two voices, found {}", others.len());
                findings.add_with_hint(written.place, message, "like [kayn, pino]");
            }
        }
    }
    pairs
}
