//! Why a condition holds or does not, as people say it. Every fact is true by itself, so what does not hold is told by
//! what is so instead: of `clarity > 0.85` that is "clarity 0.80 not above 0.85".

use domain::{Language, Text};

use crate::evaluate::{Truth, Values};
use crate::node::{At, Compare, Comparison, Node, Scale, root};
use crate::write::{FEWEST, Now, Style, enough_digits, say, title};
use crate::{Kind, Slot, Vocabulary};

/// Something that is true of the present values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What, to stand within a sentence.
    pub says: Text,
    /// The flag that is true, where this is all that it says.
    pub flag: Option<Slot>,
}

/// What decides whether the condition holds, in its order.
pub(crate) fn gather(values: Values<'_>, vocabulary: &Vocabulary) -> Vec<Fact> {
    let mut facts = Facts { values, vocabulary, list: Vec::new() };
    facts.gather(root(values.nodes));
    facts.list
}

struct Facts<'a> {
    values: Values<'a>,
    vocabulary: &'a Vocabulary,
    list: Vec<Fact>,
}

impl Facts<'_> {
    fn gather(&mut self, at: At) {
        match self.node(at) {
            Node::Chain(left, right) if self.between(left, right) => {}
            Node::And(left, right) | Node::Or(left, right) | Node::Chain(left, right) => {
                // The operands that are as the whole is have made it so: of an `or` that holds those that hold, of an
                // `and` that does not those that do not, else both.
                let whole = self.values.truth(at);
                for side in [left, right] {
                    if self.values.truth(side) == whole {
                        self.gather(side);
                    }
                }
            }
            Node::Not(inner) => self.gather(inner),
            Node::Compare(compare) if self.is_logic(compare.left) => {
                self.gather(compare.left);
                self.gather(compare.right);
            }
            Node::Compare(compare) => self.compare(&compare),
            Node::Slot(slot) => self.flag(slot),
            Node::Number(_) | Node::Span(_) | Node::Flag(_) | Node::Negate(_) | Node::Arithmetic(..) => {}
        }
    }

    fn flag(&mut self, slot: Slot) {
        let [en, ru] = [Language::En, Language::Ru].map(|language| title(self.vocabulary, slot, language));
        match Truth::of(self.values.slot(slot)) {
            Truth::True => self.list.push(Fact { says: Text::new(en, ru), flag: Some(slot) }),
            Truth::False => self.add(Text::new(format!("{en}: no"), format!("{ru}: нет"))),
            Truth::Unknown => self.add(no_value(&en, &ru)),
        }
    }

    fn compare(&mut self, compare: &Compare) {
        if self.values.get(compare.left).is_nan() || self.values.get(compare.right).is_nan() {
            return self.unknown(compare);
        }
        let (value, bar) = match compare.bar_is_left {
            true => (compare.right, compare.left),
            false => (compare.left, compare.right),
        };
        let mut relation = self.relation(compare).words(compare.scale);
        if !self.is_bar(bar) {
            // A name stays in the nominative.
            relation.ru = format!("{}, чем ", relation.ru.trim_end());
        }
        let digits = enough_digits(self.values, compare, fewest(compare.scale));
        let says = |language| {
            let [value, bar] = [value, bar].map(|at| self.say(at, compare.scale, language, digits));
            format!("{value}{}{bar}", relation.get(language))
        };
        self.add(Text::new(says(Language::En), says(Language::Ru)));
    }

    /// Says that a value lies between two bars, as in `0.4 < chaos < 0.7`, if that is so and all that is to be said.
    fn between(&mut self, left: At, right: At) -> bool {
        let (Node::Compare(low), Node::Compare(high)) = (self.node(left), self.node(right)) else { return false };
        let holds = [left, right].iter().all(|side| self.values.truth(*side) == Truth::True);
        let is_alike = low.comparison == high.comparison && low.comparison.is_ordering();
        if !holds || !is_alike || !self.is_bar(low.left) || !self.is_bar(high.right) {
            return false;
        }
        let is_inclusive = matches!(low.comparison, Comparison::LessOrEqual | Comparison::GreaterOrEqual);
        let (from, to) = if low.comparison.is_upward() { (low.left, high.right) } else { (high.right, low.left) };
        let fewest = fewest(low.scale);
        let digits = enough_digits(self.values, &low, fewest).max(enough_digits(self.values, &high, fewest));
        let say = |language| [low.right, from, to].map(|at| self.say(at, low.scale, language, digits));
        let ([en, en_from, en_to], [ru, ru_from, ru_to]) = (say(Language::En), say(Language::Ru));
        self.add(match is_inclusive {
            true => Text::new(format!("{en} from {en_from} to {en_to}"), format!("{ru} от {ru_from} до {ru_to}")),
            false => {
                Text::new(format!("{en} between {en_from} and {en_to}"), format!("{ru} между {ru_from} и {ru_to}"))
            }
        });
        true
    }

    /// Says which values are missing for a comparison.
    fn unknown(&mut self, compare: &Compare) {
        let mut waiting = vec![compare.right, compare.left];
        let mut is_known = true;
        while let Some(at) = waiting.pop() {
            let node = self.node(at);
            if let Node::Slot(slot) = node
                && self.values.slot(slot).is_nan()
            {
                let [en, ru] = [Language::En, Language::Ru].map(|language| title(self.vocabulary, slot, language));
                self.add(no_value(&en, &ru));
                is_known = false;
            }
            waiting.extend(node.operands().into_iter().rev().flatten());
        }
        if is_known {
            self.add(Text::new("a division by zero", "деление на ноль"));
        }
    }

    fn add(&mut self, says: Text) {
        // A name that is unknown on both sides of an `or` is unknown once.
        if !self.list.iter().any(|fact| fact.says == says) {
            self.list.push(Fact { says, flag: None });
        }
    }

    /// How the value stands to the bar.
    fn relation(&self, compare: &Compare) -> Relation {
        let holds = compare.comparison.holds(self.values.get(compare.left), self.values.get(compare.right));
        let relation = match (compare.comparison, holds) {
            (Comparison::Greater, true) | (Comparison::LessOrEqual, false) => Relation::Above,
            (Comparison::Less, true) | (Comparison::GreaterOrEqual, false) => Relation::Below,
            (Comparison::Greater, false) | (Comparison::LessOrEqual, true) => Relation::NotAbove,
            (Comparison::Less, false) | (Comparison::GreaterOrEqual, true) => Relation::NotBelow,
            (Comparison::Equal, true) | (Comparison::NotEqual, false) => Relation::Same,
            (Comparison::Equal, false) | (Comparison::NotEqual, true) => Relation::Different,
        };
        if compare.bar_is_left { relation.turned() } else { relation }
    }

    fn say(&self, at: At, scale: Scale, language: Language, digits: usize) -> String {
        let style = Style::Prose { is_share: scale == Scale::Unit };
        say(self.values.nodes, at, self.vocabulary, Now { values: self.values, language, style }, digits)
    }

    fn is_logic(&self, at: At) -> bool {
        match self.node(at) {
            Node::Slot(slot) => self.vocabulary.kind(slot) == Kind::Flag,
            Node::Flag(_) | Node::Not(_) | Node::And(..) | Node::Or(..) | Node::Chain(..) | Node::Compare(_) => true,
            Node::Number(_) | Node::Span(_) | Node::Negate(_) | Node::Arithmetic(..) => false,
        }
    }

    fn is_bar(&self, at: At) -> bool {
        matches!(self.node(at), Node::Number(_) | Node::Span(_))
    }

    fn node(&self, at: At) -> Node {
        self.values.nodes[at.index()]
    }
}

/// Of a share two digits say enough.
const fn fewest(scale: Scale) -> usize {
    match scale {
        Scale::Unit => 2,
        Scale::Number | Scale::Span => FEWEST,
    }
}

fn no_value(en: &str, ru: &str) -> Text {
    Text::new(format!("no value of {en}"), format!("нет значения: {ru}"))
}

/// How one value stands to another.
#[derive(Clone, Copy)]
enum Relation {
    Above,
    Below,
    NotAbove,
    NotBelow,
    Same,
    Different,
}

impl Relation {
    /// Seen from the other value.
    const fn turned(self) -> Self {
        match self {
            Self::Above => Self::Below,
            Self::Below => Self::Above,
            Self::NotAbove => Self::NotBelow,
            Self::NotBelow => Self::NotAbove,
            Self::Same | Self::Different => self,
        }
    }

    /// What stands between the two.
    fn words(self, scale: Scale) -> Text {
        let (en, ru) = match (scale, self) {
            (_, Self::Same) => (" = ", " = "),
            (_, Self::Different) => (" ≠ ", " ≠ "),
            (Scale::Unit, Self::Above) => (" above ", " выше "),
            (Scale::Unit, Self::Below) => (" below ", " ниже "),
            (Scale::Unit, Self::NotAbove) => (" not above ", " не выше "),
            (Scale::Unit, Self::NotBelow) => (" not below ", " не ниже "),
            (Scale::Number, Self::Above) => (", more than ", ", больше "),
            (Scale::Number, Self::Below) => (", less than ", ", меньше "),
            (Scale::Number, Self::NotAbove) => (", not more than ", ", не больше "),
            (Scale::Number, Self::NotBelow) => (", not less than ", ", не меньше "),
            (Scale::Span, Self::Above) => (", longer than ", ", дольше "),
            (Scale::Span, Self::Below) => (", shorter than ", ", меньше "),
            (Scale::Span, Self::NotAbove) => (", not longer than ", ", не дольше "),
            (Scale::Span, Self::NotBelow) => (", not shorter than ", ", не меньше "),
        };
        Text::new(en, ru)
    }
}
