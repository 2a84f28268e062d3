use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use domain::Text;

use crate::duration;
use crate::token::Token;

/// Most windows in one vocabulary: each costs the engine memory and work for every subject.
pub const MAXIMUM_WINDOWS: usize = 16;

/// Longest name, in bytes: that of a producer's signal.
const NAME_BYTES: usize = 64;

/// Where the value of a name stands among those that a condition is evaluated over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    /// Its position in the slots.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A number without a unit.
    Number,
    /// Something that holds or not: 1 or 0 in its slot.
    Flag,
    /// A time: seconds in its slot.
    Span,
}

impl Kind {
    /// With its article, for messages.
    pub(crate) const fn a(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Flag => "a flag",
            Self::Span => "a time",
        }
    }
}

/// Which values a number or a time can have, both ends included. Without bounds by default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
}

impl Range {
    /// Any number.
    pub const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    /// From 0 to 1, as of vitals.
    pub const UNIT: Self = Self { low: 0.0, high: 1.0 };
}

impl Default for Range {
    fn default() -> Self {
        Self::ANY
    }
}

/// What is asked of the values that a name had lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `avg`: their mean.
    Average,
    /// `min`: the least.
    Minimum,
    /// `max`: the greatest.
    Maximum,
    /// `rate`: their change per second.
    Rate,
}

impl Function {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Average, Self::Minimum, Self::Maximum, Self::Rate];

    /// As it is written in a condition.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Average => "avg",
            Self::Minimum => "min",
            Self::Maximum => "max",
            Self::Rate => "rate",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A look back, e.g. `avg(pain, 5m)`, whose result stands in a slot of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// What is asked.
    pub function: Function,
    /// Of which name's values.
    pub of: Slot,
    /// Over how long.
    pub span: Duration,
    /// Where the result stands.
    pub slot: Slot,
}

/// The names that conditions may use, each with its slot, and the windows that they asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vocabulary {
    /// By slot; windows among them.
    entries: Vec<Entry>,
    by_name: BTreeMap<Box<str>, Slot>,
    windows: Vec<Window>,
}

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    name: Box<str>,
    kind: Kind,
    range: Range,
    title: Option<Text>,
}

impl Vocabulary {
    /// Adds a name and answers with its slot, the next free one; the range of a flag is not looked at.
    ///
    /// None if the name is there already, if it [is no name](is_name), or if all 65,536 slots are taken.
    pub fn add(&mut self, name: &str, kind: Kind, range: Range) -> Option<Slot> {
        if !is_name(name) || self.by_name.contains_key(name) {
            return None;
        }
        let slot = self.push(name.into(), kind, if kind == Kind::Flag { Range::UNIT } else { range })?;
        self.by_name.insert(name.into(), slot);
        Some(slot)
    }

    /// The slot and kind of a name.
    pub fn get(&self, name: &str) -> Option<(Slot, Kind)> {
        let slot = *self.by_name.get(name)?;
        Some((slot, self.entries[slot.index()].kind))
    }

    /// The name of a slot; of a window what was asked, as `avg(pain, 5m)`. `?` for a slot of another vocabulary.
    pub fn name(&self, slot: Slot) -> &str {
        self.entries.get(slot.index()).map_or("?", |entry| &entry.name)
    }

    /// Says how people call what stands in a slot, within a sentence.
    pub fn entitle(&mut self, slot: Slot, title: Text) {
        if let Some(entry) = self.entries.get_mut(slot.index()) {
            entry.title = Some(title);
        }
    }

    /// How people call what stands in a slot, if that has been said.
    pub fn title(&self, slot: Slot) -> Option<&Text> {
        self.entries.get(slot.index())?.title.as_ref()
    }

    /// What stands in a slot; a number if it is none of this vocabulary.
    pub fn kind(&self, slot: Slot) -> Kind {
        self.entries.get(slot.index()).map_or(Kind::Number, |entry| entry.kind)
    }

    /// Which values a slot can have: of a flag 0 to 1.
    pub fn range(&self, slot: Slot) -> Range {
        self.entries.get(slot.index()).map_or(Range::ANY, |entry| entry.range)
    }

    /// How many slots there are, those of windows among them: so long the values must be.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The windows that conditions asked for, each once.
    pub fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// All names, in the order of their slots; without windows.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| &*entry.name).filter(|name| self.by_name.contains_key(*name))
    }

    /// Of all slots, in order.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = Range> {
        self.entries.iter().map(|entry| entry.range)
    }

    /// The slot of a window, a new one if it is asked for the first time; none if there are too many.
    pub(crate) fn window(&mut self, function: Function, of: Slot, span: Duration) -> Option<Slot> {
        let same = |window: &&Window| (window.function, window.of, window.span) == (function, of, span);
        if let Some(window) = self.windows.iter().find(same) {
            return Some(window.slot);
        }
        if self.windows.len() == MAXIMUM_WINDOWS {
            return None;
        }
        let name = format!("{function}({}, {})", self.name(of), duration::write(span.as_secs_f64()));
        // Two samples close to each other can be any rate apart.
        let range = if function == Function::Rate { Range::ANY } else { self.range(of) };
        let slot = self.push(name.into(), Kind::Number, range)?;
        self.windows.push(Window { function, of, span, slot });
        Some(slot)
    }

    /// Forgets the windows from the slot `length` on: those of a text that turned out to be no condition.
    pub(crate) fn forget_windows_from(&mut self, length: usize) {
        self.entries.truncate(length);
        self.windows.retain(|window| window.slot.index() < length);
    }

    fn push(&mut self, name: Box<str>, kind: Kind, range: Range) -> Option<Slot> {
        let slot = Slot(u16::try_from(self.entries.len()).ok()?);
        self.entries.push(Entry { name, kind, range, title: None });
        Some(slot)
    }
}

/// Whether a condition can use `text` as a name: a-z, 0-9 and `_`, beginning with a letter, at most 64 bytes, and none
/// of the words `and`, `or`, `not`, `true`, `false`. All names of vitals and all other names of signals are such.
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_BYTES
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && Token::keyword(text).is_none()
}
