use std::fmt;

use domain::Language;

use crate::evaluate::Values;
use crate::node::Node;
use crate::plain::Plain;
use crate::reach::Region;
use crate::strength::strength;
use crate::token::Place;
use crate::write::{Now, Style, write};
use crate::{Fact, Mistake, Reach, Slot, Truth, Vocabulary, facts, parser};

/// Most characters of a condition, both as it was written and as its [`Display`](fmt::Display) spells it.
pub const MAXIMUM_CHARACTERS: usize = 2_000;
/// How deep brackets, `not` and signs may be within each other.
pub const MAXIMUM_DEPTH: usize = 32;
/// Most names, constants and operators together.
pub const MAXIMUM_PARTS: usize = 256;

/// Something that holds or not, by the values of names: parsed, checked, cheap to evaluate.
///
/// Values are given as slots of its vocabulary: what is unknown is NaN, flags are 1 and 0, times are seconds. A slot
/// that is missing at the end is unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    nodes: Box<[Node]>,
    /// What is asked instead of the nodes, if they have such a form.
    plain: Option<Plain>,
    slots: Box<[Slot]>,
    text: Box<str>,
}

impl Condition {
    /// Reads a condition. Windows that it asks for are added to the vocabulary, unless it has a mistake.
    ///
    /// # Errors
    ///
    /// The first mistake of spelling, type or limits; else that the condition, or one comparison in it, always or never
    /// holds within the ranges of its names.
    pub fn parse(text: &str, vocabulary: &mut Vocabulary) -> Result<Self, Mistake> {
        let before = vocabulary.len();
        let parsed = Self::parse_with(text, vocabulary);
        if parsed.is_err() {
            vocabulary.forget_windows_from(before);
        }
        parsed
    }

    fn parse_with(text: &str, vocabulary: &mut Vocabulary) -> Result<Self, Mistake> {
        let nodes = parser::parse(text, vocabulary)?;
        let spelled = write(&nodes, vocabulary, None);
        if spelled.chars().count() > MAXIMUM_CHARACTERS {
            let place = Place { start: 0, end: text.chars().count() };
            let message = format!("with all its digits and spaces this has more than {MAXIMUM_CHARACTERS} characters");
            return Err(Mistake::new(place, message).hint("split it into several rules"));
        }
        let mut slots: Vec<Slot> = nodes.iter().filter_map(Node::slot).collect();
        slots.sort_unstable();
        slots.dedup();
        Ok(Self { plain: Plain::of(&nodes), nodes: nodes.into(), slots: slots.into(), text: spelled.into() })
    }

    /// Whether it holds, by Kleene's three-valued logic: a part that is unknown decides nothing.
    #[inline]
    pub fn truth(&self, slots: &[f64]) -> Truth {
        match &self.plain {
            Some(plain) => plain.truth(slots),
            None => Truth::of(self.over(slots).whole()),
        }
    }

    /// Whether it is known to hold.
    #[inline]
    pub fn holds(&self, slots: &[f64]) -> bool {
        match &self.plain {
            Some(plain) => plain.holds(slots),
            None => Truth::of(self.over(slots).whole()) == Truth::True,
        }
    }

    /// For how many points of a box it holds, from the least to the greatest value of each slot.
    ///
    /// A slot whose bounds are NaN, missing or the wrong way round is unknown. `Always` and `Never` are certain;
    /// `Sometimes` is also the answer where telling them apart would take more than interval arithmetic, which takes
    /// operands to be independent: `pain - pain > 0` holds sometimes.
    pub fn within(&self, low: &[f64], high: &[f64]) -> Reach {
        match &self.plain {
            Some(plain) => plain.within(low, high),
            None => Region { nodes: &self.nodes, low, high }.whole(),
        }
    }

    /// How strongly it holds, from 0 to 1, by fuzzy (Zadeh) logic: `and` is the least of its sides, `or` the greatest,
    /// `not` what is missing to 1. Flags, `==` and `!=` are 0 or 1.
    ///
    /// A comparison with a bar `b` is one half at the bar and clamp(0.5 + d / 2w, 0, 1) at a distance d in its
    /// direction; w is 0.2 where a name with the range 0 to 1 takes part, else max(|b|, 1), for times max(|b|, 60 s).
    /// The bar is the side without names, else the right one. What is unknown could be anything: of all that it could
    /// be, the least counts. So what holds has at least one half, what does not hold at most.
    pub fn strength(&self, slots: &[f64]) -> f64 {
        match &self.plain {
            Some(plain) => plain.strength(slots),
            None => strength(self.over(slots)),
        }
    }

    /// The same without the plain form.
    #[cfg(test)]
    pub(crate) fn without_plain(&self) -> Option<Self> {
        self.plain.as_ref().map(|_| Self { plain: None, ..self.clone() })
    }

    /// The condition with the present values in it: `chaos 0.72 > 0.7 and truth_violations 2 > 0`.
    pub fn explain(&self, slots: &[f64], vocabulary: &Vocabulary, language: Language) -> String {
        write(&self.nodes, vocabulary, Some(Now { values: self.over(slots), language, style: Style::Exact }))
    }

    /// What is true of the present values and makes it hold, or not, as people say it: "chaos 0.72 above 0.70".
    pub fn facts(&self, slots: &[f64], vocabulary: &Vocabulary) -> Vec<Fact> {
        facts::gather(self.over(slots), vocabulary)
    }

    /// Which slots it reads, each once, in order.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Its bars: as long as no slot comes onto another side of one of its own, or becomes known or unknown, it stays as
    /// it is. None where only that nothing changes says so.
    pub fn bars(&self) -> Option<impl Iterator<Item = (Slot, f64)>> {
        self.plain.as_ref().map(Plain::bars)
    }

    /// The canonical spelling, which parses to an equal condition.
    pub fn text(&self) -> &str {
        &self.text
    }

    #[inline]
    fn over<'a>(&'a self, slots: &'a [f64]) -> Values<'a> {
        Values { nodes: &self.nodes, slots }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
