//! Where a subject keeps what belongs to each rule: by place in memory, by name on the disk, so that changed rules find
//! what they still know.

use std::collections::BTreeMap;
use std::sync::Arc;

use conditions::Slot;
use domain::{Vital, Voice};
use rules::Rules;
use serde::{Deserialize, Serialize};

use crate::bars::Bars;

/// The names of rules in their order, shared by all subjects.
pub(crate) type Names = Arc<[Box<str>]>;

/// The names of the rules in force.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) slots: usize,
    pub(crate) bars: Arc<Bars>,
    /// The least and the greatest value of each vital that is beyond no edge: what most samples are asked first.
    ok: [(f64, f64); 4],
    pub(crate) produced: Names,
    /// How the names of the producers' signals begin: in the order of the names, and sooner compared.
    beginnings: Vec<u64>,
    pub(crate) derived: Names,
    /// Those of the derived signals that tell how long they last.
    pub(crate) lasting: Vec<usize>,
    pub(crate) actions: Names,
    pub(crate) symbols: Names,
    /// Those of the states: a subject that may be about to change its own remembers the other one by it.
    pub(crate) states: Vec<Arc<str>>,
    /// Those of the windows: what they work out, written as in a condition.
    pub(crate) windows: Names,
    /// Which voices listen to the others: what activates them depends on how the voices are.
    pub(crate) listeners: [bool; 7],
}

impl Layout {
    pub(crate) fn new(rules: &Rules) -> Self {
        fn names<'a>(names: impl Iterator<Item = &'a str>) -> Names {
            names.map(Into::into).collect()
        }
        let vocabulary = &rules.signals.vocabulary;
        let windows = vocabulary.windows().iter().map(|window| {
            let seconds = window.span.as_secs_f64();
            format!("{:?}({}, {seconds}s)", window.function, vocabulary.name(window.of)).into_boxed_str()
        });
        Self {
            slots: vocabulary.len(),
            bars: Arc::new(Bars::new(rules)),
            ok: Vital::ALL.map(|vital| rules.band(vital).ok()),
            produced: names(rules.signals.produced.iter().map(|(name, _)| &**name)),
            beginnings: rules.signals.produced.iter().map(|(name, _)| beginning(name)).collect(),
            derived: names(rules.signals.derived.iter().map(|derived| derived.name.as_str())),
            lasting: (0..)
                .zip(&rules.signals.derived)
                .filter(|(_, rule)| rule.duration.is_some())
                .map(|it| it.0)
                .collect(),
            actions: names(rules.actions.list.iter().map(|action| action.id.as_str())),
            symbols: names(rules.symbols.iter().map(|symbol| symbol.id.as_str())),
            states: rules.states.list.iter().map(|state| state.id.as_str().into()).collect(),
            windows: windows.collect(),
            listeners: Voice::ALL.map(|voice| is_listener(rules, voice)),
        }
    }
}

impl Layout {
    /// Whether a value of `vital` is beyond no edge.
    pub(crate) fn is_ok(&self, vital: Vital, value: f64) -> bool {
        let (least, greatest) = self.ok[vital.index()];
        least <= value && value <= greatest
    }

    /// Where the rules have a signal of producers.
    pub(crate) fn place_of_signal(&self, name: &str) -> Option<usize> {
        let first = self.beginnings.partition_point(|known| *known < beginning(name));
        let alike = self.beginnings[first..].iter().take_while(|known| **known == beginning(name)).count();
        (first..first + alike).find(|place| *self.produced[*place] == *name)
    }
}

/// The first eight bytes, as a number that is greater where they are.
fn beginning(name: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(name.bytes()).for_each(|(byte, of_name)| *byte = of_name);
    u64::from_be_bytes(bytes)
}

fn is_listener(rules: &Rules, voice: Voice) -> bool {
    let engine = &rules.signals.engine;
    let flags = [engine.conflict_detected, engine.multiple_voices_active, engine.harmony, engine.synthesis_readiness];
    let heard: Vec<Slot> = flags.into_iter().chain(engine.active).chain(engine.leads).collect();
    let triggers = &rules.voices.get(voice).triggers;
    triggers.iter().flat_map(|trigger| trigger.when.slots()).any(|slot| heard.contains(slot))
}

/// One `T` for each rule of a kind. Those that are as at the beginning are not saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Aligned<T> {
    names: Names,
    pub(crate) items: Vec<T>,
}

impl<T: Default + PartialEq> Aligned<T> {
    /// Puts the items in the order of `names`: a new name begins anew, what no name is there for is answered.
    pub(crate) fn align(&mut self, names: &Names) -> Vec<(Box<str>, T)> {
        if Arc::ptr_eq(&self.names, names) {
            return Vec::new();
        }
        let items = std::mem::take(&mut self.items);
        let mut known: BTreeMap<Box<str>, T> = self.names.iter().cloned().zip(items).collect();
        self.items = names.iter().map(|name| known.remove(name).unwrap_or_default()).collect();
        self.names = Arc::clone(names);
        known.into_iter().filter(|(_, item)| *item != T::default()).collect()
    }
}

impl<T: Serialize + Default + PartialEq> Serialize for Aligned<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let beginning = T::default();
        serializer.collect_map(self.names.iter().zip(&self.items).filter(|(_, item)| **item != beginning))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Aligned<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (names, items): (Vec<_>, Vec<_>) = BTreeMap::<Box<str>, T>::deserialize(deserializer)?.into_iter().unzip();
        Ok(Self { names: names.into(), items })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_found_by_their_whole_names() {
        let rules = Rules::built_in();
        let layout = Layout::new(&rules);
        for (place, (name, _)) in rules.signals.produced.iter().enumerate() {
            assert_eq!(layout.place_of_signal(name), Some(place), "{name}");
            assert_eq!(layout.place_of_signal(&format!("{name}_")), None);
        }
        for unknown in ["", "a", "ethical_", "zzzzzzzzzz"] {
            assert_eq!(layout.place_of_signal(unknown), None);
        }
    }

    #[test]
    fn what_is_saved_by_name_finds_its_place_under_other_rules() {
        let names = |names: &[&str]| -> Names { names.iter().map(|name| Box::from(*name)).collect() };
        let mut aligned = Aligned::<u32>::default();
        assert!(aligned.align(&names(&["a", "b", "c"])).is_empty());
        aligned.items.copy_from_slice(&[1, 0, 3]);
        let saved = serde_json::to_string(&aligned).unwrap();
        assert_eq!(saved, r#"{"a":1,"c":3}"#);
        let mut restored: Aligned<u32> = serde_json::from_str(&saved).unwrap();
        assert_eq!(restored.align(&names(&["c", "d"])), [(Box::from("a"), 1)]);
        assert_eq!(restored.items, [3, 0]);
    }
}
