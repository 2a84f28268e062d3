use domain::Language;

use crate::evaluate::Values;
use crate::node::{Arithmetic, At, Compare, Node, root};
use crate::{Function, Kind, Slot, Vocabulary, duration};

/// The values that an explanation shows, and how.
#[derive(Clone, Copy)]
pub(crate) struct Now<'a> {
    pub(crate) values: Values<'a>,
    pub(crate) language: Language,
    pub(crate) style: Style,
}

/// How names and numbers are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// As in the condition.
    Exact,
    /// By their titles, as people say them.
    Prose {
        /// Whether they lie between 0 and 1: with two digits behind the point then, 0.80.
        is_share: bool,
    },
}

/// The spelling of a condition that parses to the same nodes; with `now` the same with the present values in it.
pub(crate) fn write(nodes: &[Node], vocabulary: &Vocabulary, now: Option<Now<'_>>) -> String {
    let mut writer = Writer { nodes, vocabulary, now, out: String::new() };
    writer.node(root(nodes), OR, EXACT);
    writer.out
}

/// One side of a comparison as people say it, with so many significant digits of values.
pub(crate) fn say(nodes: &[Node], at: At, vocabulary: &Vocabulary, now: Now<'_>, digits: usize) -> String {
    let mut writer = Writer { nodes, vocabulary, now: Some(now), out: String::new() };
    writer.node(at, SUM, digits);
    writer.out
}

// How tightly nodes hold together. One that stands where a tighter one is needed gets brackets.
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const SIGN: u8 = 7;
const LEAF: u8 = 8;

fn tightness(node: Node) -> u8 {
    match node {
        Node::Or(..) => OR,
        Node::And(..) => AND,
        Node::Not(_) => NOT,
        Node::Compare(_) | Node::Chain(..) => COMPARE,
        Node::Arithmetic(Arithmetic::Add | Arithmetic::Subtract, ..) => SUM,
        Node::Arithmetic(..) => PRODUCT,
        Node::Negate(_) => SIGN,
        Node::Number(_) | Node::Span(_) | Node::Flag(_) | Node::Slot(_) => LEAF,
    }
}

/// So many significant digits that nothing is lost.
const EXACT: usize = 17;
/// Significant digits of values, unless a comparison needs more.
pub(crate) const FEWEST: usize = 4;

struct Writer<'a> {
    nodes: &'a [Node],
    vocabulary: &'a Vocabulary,
    now: Option<Now<'a>>,
    out: String,
}

impl Writer<'_> {
    fn node(&mut self, at: At, least: u8, digits: usize) {
        if tightness(self.nodes[at.index()]) < least {
            self.out.push('(');
            self.bare(at, digits);
            self.out.push(')');
        } else {
            self.bare(at, digits);
        }
    }

    fn bare(&mut self, at: At, digits: usize) {
        let node = self.nodes[at.index()];
        let tightness = tightness(node);
        match node {
            Node::Number(number) => self.number(number, EXACT),
            Node::Span(seconds) => self.span(seconds),
            Node::Flag(flag) => self.out.push_str(if flag { "true" } else { "false" }),
            Node::Slot(slot) => self.slot(slot, digits),
            Node::Negate(inner) => {
                self.out.push('-');
                self.node(inner, tightness, digits);
            }
            Node::Not(inner) => {
                self.out.push_str(self.word("not ", "не "));
                self.node(inner, tightness, digits);
            }
            Node::Compare(_) | Node::Chain(..) => self.comparison(at, self.digits(at)),
            Node::Arithmetic(arithmetic, left, right) => {
                self.binary(left, arithmetic.symbol(), right, tightness, digits);
            }
            Node::And(left, right) => self.binary(left, self.word("and", "и"), right, tightness, digits),
            Node::Or(left, right) => self.binary(left, self.word("or", "или"), right, tightness, digits),
        }
    }

    /// What stands in a row groups to the left, so the right side needs to be tighter.
    fn binary(&mut self, left: At, sign: &str, right: At, tightness: u8, digits: usize) {
        self.node(left, tightness, digits);
        self.sign(sign);
        self.node(right, tightness + 1, digits);
    }

    fn sign(&mut self, sign: &str) {
        self.out.push(' ');
        self.out.push_str(sign);
        self.out.push(' ');
    }

    /// Of a chain, the operand that two comparisons share is written once.
    fn comparison(&mut self, at: At, digits: usize) {
        match self.nodes[at.index()] {
            Node::Chain(left, right) => {
                self.comparison(left, digits);
                if let Node::Compare(compare) = self.nodes[right.index()] {
                    self.sign(compare.comparison.symbol());
                    self.node(compare.right, SUM, digits);
                }
            }
            Node::Compare(compare) => {
                self.node(compare.left, SUM, digits);
                self.sign(compare.comparison.symbol());
                self.node(compare.right, SUM, digits);
            }
            _ => self.node(at, SUM, digits),
        }
    }

    /// Enough for what is said to be true; all where there are no values.
    fn digits(&self, at: At) -> usize {
        let (Some(now), node) = (self.now, self.nodes[at.index()]) else { return EXACT };
        match node {
            Node::Chain(left, right) => self.digits(left).max(self.digits(right)),
            Node::Compare(compare) => enough_digits(now.values, &compare, FEWEST),
            _ => FEWEST,
        }
    }

    /// A name, with its value behind it.
    fn slot(&mut self, slot: Slot, digits: usize) {
        let Some(now) = self.now else { return self.out.push_str(self.vocabulary.name(slot)) };
        match now.style {
            Style::Exact => self.out.push_str(self.vocabulary.name(slot)),
            Style::Prose { .. } => self.out.push_str(&title(self.vocabulary, slot, now.language)),
        }
        self.out.push(' ');
        match (self.vocabulary.kind(slot), now.values.slot(slot)) {
            (_, value) if value.is_nan() => self.out.push('?'),
            (Kind::Number, value) => self.number(value, digits),
            (Kind::Span, value) => self.span(value),
            (Kind::Flag, 0.0) => self.out.push_str(self.word("false", "нет")),
            (Kind::Flag, _) => self.out.push_str(self.word("true", "да")),
        }
    }

    fn number(&mut self, number: f64, digits: usize) {
        let number = rounded(number, digits);
        let mut text = number_text(number);
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        if self.is_prose(|style| style == Style::Prose { is_share: true }) && number.abs() <= 1.0 && decimals < 2 {
            text = format!("{number:.2}");
        }
        match self.language() {
            Language::En => self.out.push_str(&text),
            Language::Ru => self.out.push_str(&text.replace('.', ",")),
        }
    }

    /// `6m40s` where it is to be parsed again, `6m 40s` and `6 мин 40 с` for people.
    fn span(&mut self, seconds: f64) {
        if self.now.is_none() {
            return self.out.push_str(&duration::write(seconds));
        }
        if seconds < 0.0 {
            self.out.push('-');
        }
        let parts: Vec<String> = duration::units(seconds)
            .into_iter()
            .map(|(number, unit)| match self.language() {
                Language::En if self.is_prose(|style| style != Style::Exact) => format!("{number} {}", english(unit)),
                Language::En => format!("{number}{unit}"),
                Language::Ru => format!("{number} {}", russian(unit)),
            })
            .collect();
        self.out.push_str(&parts.join(" "));
    }

    fn word(&self, en: &'static str, ru: &'static str) -> &'static str {
        match self.language() {
            Language::En => en,
            Language::Ru => ru,
        }
    }

    fn language(&self) -> Language {
        self.now.map_or(Language::En, |now| now.language)
    }

    fn is_prose(&self, is: impl Fn(Style) -> bool) -> bool {
        self.now.is_some_and(|now| is(now.style))
    }
}

/// How people call what stands in a slot: by its title; without one by its name.
pub(crate) fn title(vocabulary: &Vocabulary, slot: Slot, language: Language) -> String {
    let Some(window) = vocabulary.windows().iter().find(|window| window.slot == slot) else {
        return vocabulary.title(slot).map_or(vocabulary.name(slot), |title| title.get(language)).to_owned();
    };
    let of = title(vocabulary, window.of, language);
    let units = duration::units(window.span.as_secs_f64()).into_iter();
    match language {
        Language::En => {
            let what = match window.function {
                Function::Average => "average over",
                Function::Minimum => "lowest over",
                Function::Maximum => "highest over",
                Function::Rate => "change a second over",
            };
            let span: Vec<_> = units.map(|(number, unit)| format!("{number} {}", english(unit))).collect();
            format!("{of} ({what} {})", span.join(" "))
        }
        Language::Ru => {
            let what = match window.function {
                Function::Average => "среднее за",
                Function::Minimum => "минимум за",
                Function::Maximum => "максимум за",
                Function::Rate => "изменение в секунду за",
            };
            let span: Vec<_> = units.map(|(number, unit)| format!("{number} {}", russian(unit))).collect();
            format!("{of} ({what} {})", span.join(" "))
        }
    }
}

/// So many significant digits, at least `fewest`, that rounded values compare as the values do: never `0.7 > 0.7`.
pub(crate) fn enough_digits(values: Values<'_>, compare: &Compare, fewest: usize) -> usize {
    let (left, right) = (values.get(compare.left), values.get(compare.right));
    let holds = |left, right| compare.comparison.holds(left, right);
    (fewest..EXACT)
        .find(|digits| holds(rounded(left, *digits), rounded(right, *digits)) == holds(left, right))
        .unwrap_or(EXACT)
}

fn english(unit: &str) -> &str {
    if unit == "m" { "min" } else { unit }
}

fn russian(unit: &str) -> &str {
    match unit {
        "d" => "д",
        "h" => "ч",
        "m" => "мин",
        "s" => "с",
        _ => "мс",
    }
}

/// To so many significant digits.
fn rounded(number: f64, digits: usize) -> f64 {
    if digits >= EXACT {
        return number;
    }
    format!("{number:.*e}", digits - 1).parse().unwrap_or(number)
}

/// As short as it can be without a loss; very large and very small ones with an exponent.
fn number_text(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 || (1e-5..1e15).contains(&size) { format!("{number}") } else { format!("{number:e}") }
}
