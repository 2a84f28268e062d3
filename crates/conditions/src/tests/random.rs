//! Random conditions, each as a tree of its own with the plainest possible evaluation.

use proptest::prelude::*;

use super::NAMES;

/// Numbers that are unknown, or on a coarse grid, so that values often are equal.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Constant(f64),
    Name(usize),
    Negated(Box<Self>),
    Sum(Box<Self>, Box<Self>),
    Difference(Box<Self>, Box<Self>),
    Product(Box<Self>, Box<Self>),
    Quotient(Box<Self>, Box<Self>),
}

#[derive(Clone, Debug)]
pub(super) enum Logic {
    Flag(usize),
    Compared(Number, &'static str, Number),
    Between(Number, &'static str, Number, &'static str, Number),
    LastsLonger(usize, u32),
    Not(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Same(Box<Self>, Box<Self>),
}

impl Number {
    fn value(&self, slots: &[f64]) -> Option<f64> {
        let value = match self {
            Self::Constant(value) => *value,
            Self::Name(slot) => slots[*slot],
            Self::Negated(inner) => -inner.value(slots)?,
            Self::Sum(a, b) => a.value(slots)? + b.value(slots)?,
            Self::Difference(a, b) => a.value(slots)? - b.value(slots)?,
            Self::Product(a, b) => a.value(slots)? * b.value(slots)?,
            Self::Quotient(a, b) => match b.value(slots)? {
                0.0 => return None,
                divisor => a.value(slots)? / divisor,
            },
        };
        (!value.is_nan()).then_some(value)
    }

    fn text(&self) -> String {
        match self {
            Self::Constant(value) => format!("{value:?}"),
            Self::Name(slot) => NAMES[*slot].0.to_owned(),
            Self::Negated(inner) => format!("-({})", inner.text()),
            Self::Sum(a, b) => format!("({}+{})", a.text(), b.text()),
            Self::Difference(a, b) => format!("({} - {})", a.text(), b.text()),
            Self::Product(a, b) => format!("({} * {})", a.text(), b.text()),
            Self::Quotient(a, b) => format!("({}/ {})", a.text(), b.text()),
        }
    }
}

impl Logic {
    /// By the book: known if it is the same whatever the unknown parts are.
    pub(super) fn value(&self, slots: &[f64]) -> Option<bool> {
        match self {
            Self::Flag(slot) => (!slots[*slot].is_nan()).then_some(slots[*slot] == 1.0),
            Self::Compared(a, sign, b) => Some(compared(a.value(slots)?, sign, b.value(slots)?)),
            Self::Between(a, first, b, second, c) => and(
                Self::Compared(a.clone(), first, b.clone()).value(slots),
                Self::Compared(b.clone(), second, c.clone()).value(slots),
            ),
            Self::LastsLonger(slot, seconds) => (!slots[*slot].is_nan()).then_some(slots[*slot] > f64::from(*seconds)),
            Self::Not(inner) => inner.value(slots).map(|holds| !holds),
            Self::And(a, b) => and(a.value(slots), b.value(slots)),
            Self::Or(a, b) => match (a.value(slots), b.value(slots)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Same(a, b) => Some(a.value(slots)? == b.value(slots)?),
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Flag(slot) => NAMES[*slot].0.to_owned(),
            Self::Compared(a, sign, b) => format!("{}{sign}{}", a.text(), b.text()),
            Self::Between(a, first, b, second, c) => {
                format!("{} {first} {} {second} {}", a.text(), b.text(), c.text())
            }
            Self::LastsLonger(slot, seconds) => format!("{} > {seconds}s", NAMES[*slot].0),
            Self::Not(inner) => format!("not ({})", inner.text()),
            Self::And(a, b) => format!("({}) and ({})", a.text(), b.text()),
            Self::Or(a, b) => format!("({})||({})", a.text(), b.text()),
            Self::Same(a, b) => format!("({}) == ({})", a.text(), b.text()),
        }
    }
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn compared(a: f64, sign: &str, b: f64) -> bool {
    match sign {
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        ">=" => a >= b,
        "==" => a == b,
        _ => a != b,
    }
}

fn name() -> impl Strategy<Value = Number> {
    (0_usize..6).prop_map(Number::Name)
}

fn constant() -> impl Strategy<Value = Number> {
    prop_oneof![
        8 => (0_u32..=8).prop_map(|quarters| Number::Constant(f64::from(quarters) / 4.0)),
        1 => Just(Number::Constant(1e300)),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![name(), constant()].prop_recursive(2, 6, 2, |inner| {
        let pair = || (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        prop_oneof![
            inner.clone().prop_map(|inner| Number::Negated(Box::new(inner))),
            pair().prop_map(|(a, b)| Number::Sum(a, b)),
            pair().prop_map(|(a, b)| Number::Difference(a, b)),
            pair().prop_map(|(a, b)| Number::Product(a, b)),
            // A constant zero is a mistake.
            (inner, name()).prop_map(|(a, b)| Number::Quotient(Box::new(a), Box::new(b))),
        ]
    })
}

/// One in which a name takes part.
fn variable() -> impl Strategy<Value = Number> {
    prop_oneof![
        name(),
        (number(), name()).prop_map(|(a, b)| Number::Sum(Box::new(a), Box::new(b))),
        (name(), number()).prop_map(|(a, b)| Number::Product(Box::new(a), Box::new(b))),
    ]
}

pub(super) fn logic() -> impl Strategy<Value = Logic> {
    let any_sign = prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let up = || prop::sample::select(vec!["<", "<="]);
    let down = || prop::sample::select(vec![">", ">="]);
    let signs = prop_oneof![(up(), up()), (down(), down())];
    let leaf = prop_oneof![
        2 => (6_usize..8).prop_map(Logic::Flag),
        4 => (variable(), any_sign.clone(), number()).prop_map(|(a, sign, b)| Logic::Compared(a, sign, b)),
        2 => (number(), any_sign, variable()).prop_map(|(a, sign, b)| Logic::Compared(a, sign, b)),
        2 => (number(), variable(), number(), signs).prop_map(|(a, b, c, (first, second))| {
            Logic::Between(a, first, b, second, c)
        }),
        1 => (8_usize..10, 0_u32..3).prop_map(|(slot, seconds)| Logic::LastsLonger(slot, seconds)),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let pair = || (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        prop_oneof![
            1 => inner.clone().prop_map(|inner| Logic::Not(Box::new(inner))),
            3 => pair().prop_map(|(a, b)| Logic::And(a, b)),
            3 => pair().prop_map(|(a, b)| Logic::Or(a, b)),
            1 => pair().prop_map(|(a, b)| Logic::Same(a, b)),
        ]
    })
}

/// One that is no tree but a list of lists: names against constants, and flags.
pub(super) fn plain() -> impl Strategy<Value = Logic> {
    let sign = || prop::sample::select(vec!["<", "<=", ">", ">="]);
    let flag = || (6_usize..8).prop_map(Logic::Flag);
    let side = prop_oneof![
        1 => flag(),
        1 => flag().prop_map(|flag| Logic::Not(Box::new(flag))),
        3 => (name(), sign(), constant()).prop_map(|(a, sign, b)| Logic::Compared(a, sign, b)),
        3 => (constant(), sign(), name()).prop_map(|(a, sign, b)| Logic::Compared(a, sign, b)),
        1 => (8_usize..10, 0_u32..3).prop_map(|(slot, seconds)| Logic::LastsLonger(slot, seconds)),
    ];
    let join = |all: Vec<Logic>, join: fn(Box<Logic>, Box<Logic>) -> Logic| {
        all.into_iter().reduce(|a, b| join(Box::new(a), Box::new(b))).expect("there is at least one")
    };
    let clause = prop::collection::vec(side, 1..4).prop_map(move |sides| join(sides, Logic::Or));
    prop::collection::vec(clause, 1..4).prop_map(move |clauses| join(clauses, Logic::And))
}

/// Two values that a slot can have, the lesser first; the same twice, or unknown, now and then.
fn bounds(slot: usize) -> BoxedStrategy<(f64, f64)> {
    let grid = match NAMES[slot].0 {
        "needs_organization" | "rigidity_detected" => vec![0.0, 1.0],
        "truth_violations" | "accuracy" => vec![-2.0, -1.0, -0.25, 0.0, 0.5, 1.0, 2.0, 1e300],
        "stagnation_duration" | "silence" => vec![0.0, 1.0, 2.0, 400.0],
        _ => vec![0.0, 0.25, 0.4, 0.5, 0.75, 1.0],
    };
    let value = prop::sample::select(grid);
    let known = (value.clone(), value).prop_map(|(a, b)| (f64::min(a, b), f64::max(a, b)));
    prop_oneof![6 => known, 1 => Just((f64::NAN, f64::NAN))].boxed()
}

/// A box of slots.
pub(super) fn region() -> impl Strategy<Value = Vec<(f64, f64)>> {
    (0..NAMES.len()).map(bounds).collect::<Vec<_>>()
}

/// One point of a box: four bits of `choices` for each slot say whether it is a corner or lies between.
pub(super) fn point(region: &[(f64, f64)], choices: u64) -> Vec<f64> {
    let is_flag = |slot: usize| NAMES[slot].1 == super::Kind::Flag;
    let pick = |(slot, (low, high)): (usize, &(f64, f64))| match choices >> (4 * slot) & 15 {
        0..5 => *low,
        5..10 => *high,
        _ if is_flag(slot) => *low,
        share => (low + (high - low) * (share as f64 / 16.0)).max(*low).min(*high),
    };
    region.iter().enumerate().map(pick).collect()
}
