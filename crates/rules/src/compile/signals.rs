use std::time::Duration;

use conditions::{Kind, Range, Slot, Vocabulary};
use domain::{Vital, Voice};
use yaml_file::{Complaint, Entry, Findings, Place, Scalar};

use super::Names;
use super::names::words;
use super::numbers::{DAY, entries, time};
use crate::rules::{Derived, EngineSlots};
use crate::written::signals::{DerivedFile, SignalFile, SignalsFile};
use crate::written::{Formula, Word};

/// All names, in the order that [`Signals`](crate::Signals) promises, and the derived signals.
pub(crate) fn compile(file: &SignalsFile, findings: &mut Findings) -> Names {
    let mut vocabulary = Vocabulary::default();
    for vital in Vital::ALL {
        built_in(&mut vocabulary, vital.name(), Kind::Number, Range::UNIT);
    }
    let engine = engine(&mut vocabulary);
    let mut names = Names::new(vocabulary, engine);

    let derived: Vec<_> = entries(&file.derived, "derived signals", findings).collect();
    let slots: Vec<_> = derived.iter().map(|entry| declare_derived(entry, &mut names, findings)).collect();
    for entry in entries(&file.signals, "signals", findings) {
        if let Some(slot) = declare_produced(entry, &mut names, findings) {
            names.signals.produced.push((entry.name.as_str().into(), slot));
        }
    }
    names.signals.produced.sort_unstable();

    // Only now, because producers' signals come after the derived ones, which may use them.
    for (place, (entry, slots)) in derived.iter().zip(slots).enumerate() {
        let later = derived[place..].iter().flat_map(|entry| names_of(&entry.value).chain([entry.name.clone()]));
        let later: Vec<String> = later.collect();
        if let Some(derived) = self::derived(entry, slots, &later, &mut names, findings) {
            names.derive(derived);
        }
    }
    names
}

/// Stands in for a file that cannot be read: no condition can be judged.
pub(crate) fn blind() -> Names {
    let mut vocabulary = Vocabulary::default();
    let engine = engine(&mut vocabulary);
    Names { is_blind: true, ..Names::new(vocabulary, engine) }
}

fn built_in(vocabulary: &mut Vocabulary, name: &str, kind: Kind, range: Range) -> Slot {
    vocabulary.add(name, kind, range).expect("the first names differ from each other")
}

fn engine(vocabulary: &mut Vocabulary) -> EngineSlots {
    let mut flag = |name: &str| built_in(vocabulary, name, Kind::Flag, Range::UNIT);
    let [all_vitals_ok, state_transition, experiment_injects, conflict_detected, multiple_voices_active] =
        ["all_vitals_ok", "state_transition", "experiment_injects", "conflict_detected", "multiple_voices_active"]
            .map(&mut flag);
    let active = Voice::ALL.map(|voice| flag(&format!("{}_active", voice.name())));
    let leads = Voice::ALL.map(|voice| flag(&format!("{}_leads", voice.name())));
    let [harmony, synthesis_readiness] =
        ["harmony", "synthesis_readiness"].map(|name| built_in(vocabulary, name, Kind::Number, Range::UNIT));
    EngineSlots {
        all_vitals_ok,
        state_transition,
        experiment_injects,
        conflict_detected,
        multiple_voices_active,
        harmony,
        synthesis_readiness,
        active,
        leads,
    }
}

/// Adds a name; if that is not possible, says why.
fn declare(
    (name, place): (&str, Place),
    kind: Kind,
    range: Range,
    names: &mut Names,
    findings: &mut Findings,
) -> Option<Slot> {
    let slot = names.signals.vocabulary.add(name, kind, range);
    if slot.is_none() {
        match names.signals.vocabulary.get(name) {
            Some((slot, _)) if slot.index() < Vital::ALL.len() => {
                findings.add_with_hint(
                    place,
                    format!("`{name}` is a vital"),
                    "vitals are known without being named here",
                );
            }
            Some(_) => {
                let hint = "each name is one signal: choose another one, or leave this one out";
                findings.add_with_hint(place, format!("`{name}` is a signal of the engine already"), hint);
            }
            None => drop(super::numbers::name(name, place, findings)),
        }
    }
    slot
}

/// The slots of a derived signal: of its flag, and of how long it is true.
type DerivedSlots = (Option<Slot>, Option<Slot>);

fn declare_derived(entry: &Entry<DerivedFile>, names: &mut Names, findings: &mut Findings) -> DerivedSlots {
    let flag = declare((&entry.name, entry.place), Kind::Flag, Range::UNIT, names, findings);
    let mut duration = None;
    if let Some(written) = &entry.value.duration
        && let Some(name) = written.read(findings)
    {
        let range = Range { low: 0.0, high: f64::INFINITY };
        duration = declare((&name, written.place), Kind::Span, range, names, findings);
    }
    (flag, duration)
}

/// The further names that a derived signal brings.
fn names_of(file: &DerivedFile) -> impl Iterator<Item = String> {
    file.duration.iter().filter_map(|written| written.read(&mut Findings::default()))
}

fn declare_produced(entry: &Entry<SignalFile>, names: &mut Names, findings: &mut Findings) -> Option<Slot> {
    let file = &entry.value;
    names.signals.titles.insert(entry.name.as_str().into(), file.title.read(findings));
    let kind = file.kind.read(findings).map(|Word(kind)| kind);
    let range = range(file, kind, findings);
    if kind.is_none() || range.is_none() {
        names.doubtful.insert(entry.name.clone());
    }
    let (kind, range) = (kind.unwrap_or(Kind::Number), range.unwrap_or_default());
    declare((&entry.name, entry.place), kind, range, names, findings)
}

/// Which values a producer's signal can have; none if that is written wrong.
fn range(file: &SignalFile, kind: Option<Kind>, findings: &mut Findings) -> Option<Range> {
    let Some(written) = &file.range else { return Some(Range::default()) };
    if kind == Some(Kind::Flag) {
        findings.add_with_hint(written.place, "a flag has no range", "it is true or false: leave the range out");
        return None;
    }
    match written.value.iter().map(|end| end.read(findings)).collect::<Vec<_>>().as_slice() {
        [Some(low), Some(high)] if low < high => return Some(Range { low: *low, high: *high }),
        [Some(low), Some(high)] => {
            findings.add_with_hint(
                written.place,
                format!("no value lies between {low} and {high}"),
                "the lower end comes first",
            );
        }
        [_, _] => {}
        ends => {
            let message = format!("a range needs two numbers, found {}", ends.len());
            findings.add_with_hint(written.place, message, "from and to, like [0, 1]");
        }
    }
    None
}

fn derived(
    entry: &Entry<DerivedFile>,
    (slot, duration): DerivedSlots,
    later: &[String],
    names: &mut Names,
    findings: &mut Findings,
) -> Option<Derived> {
    let file = &entry.value;
    let title = file.title.read(findings);
    let [hold, keep] = [&file.hold, &file.keep].map(|written: &Option<Scalar<Duration>>| {
        written.as_ref().map_or(Duration::ZERO, |written| time(written, &(Duration::ZERO..=DAY), findings))
    });
    let is_told = file.told.as_ref().map_or(Some(false), |told| told.read(findings))?;
    if uses_later(entry, later, findings) {
        return None;
    }
    let when = names.condition(&file.when, findings)?;
    let name = entry.name.clone();
    Some(Derived { name, title, slot: slot?, duration, when, hold, keep, is_told })
}

/// Tells if the condition uses a name that is worked out after it.
fn uses_later(entry: &Entry<DerivedFile>, later: &[String], findings: &mut Findings) -> bool {
    let written = &entry.value.when;
    let Some(Formula(text)) = written.read(&mut Findings::default()) else { return false };
    let found = words(&text).find(|(_, word)| later.iter().any(|later| later == word));
    let Some((start, word)) = found.map(|(start, word)| (start, word.to_owned())) else { return false };
    let (message, hint) = match word == entry.name || Some(&word) == names_of(&entry.value).next().as_ref() {
        true => (format!("`{word}` depends on itself"), "a signal uses those above it".to_owned()),
        false => (
            format!("`{word}` is worked out later"),
            format!("move `{}` below it: a signal uses those above it", entry.name),
        ),
    };
    let complaint = Complaint::new(message).hint(hint);
    findings.complain_inside(written.place, text, (start, word.len()), complaint);
    true
}
