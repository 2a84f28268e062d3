//! The form of most conditions: values before or beyond bars, joined by `and`, each of them perhaps one of several that
//! are joined by `or`. It says the same as the tree of nodes, without walking it: an engine asks some fifty conditions of
//! every sample.

use crate::node::{At, Compare, Comparison, Node, root};
use crate::strength;
use crate::{Reach, Slot, Truth};

/// All of its clauses must hold, and of each clause one side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plain {
    sides: Box<[Side]>,
}

/// One value against one bar.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Side {
    slot: Slot,
    /// It holds from here
    low: f64,
    /// to here, both included.
    high: f64,
    bar: f64,
    /// 1 where more is stronger, else -1.
    direction: f64,
    /// Between nothing and full strength.
    width: f64,
    /// Whether it is the last one of its clause.
    is_last: bool,
}

impl Plain {
    /// The plain form of a tree, if it has one.
    pub(crate) fn of(nodes: &[Node]) -> Option<Self> {
        let mut sides = Vec::new();
        gather_clauses(nodes, root(nodes), &mut sides)?;
        Some(Self { sides: sides.into() })
    }

    #[inline]
    pub(crate) fn holds(&self, slots: &[f64]) -> bool {
        let mut clause = false;
        for side in &self.sides {
            // What is unknown is neither before nor beyond a bar.
            clause |= side.holds(side.value(slots));
            if side.is_last && !std::mem::take(&mut clause) {
                return false;
            }
        }
        true
    }

    pub(crate) fn truth(&self, slots: &[f64]) -> Truth {
        let (mut holds, mut is_known) = (false, true);
        let mut whole = Truth::True;
        for side in &self.sides {
            let value = side.value(slots);
            holds |= side.holds(value);
            is_known &= !value.is_nan();
            if side.is_last {
                match (holds, is_known) {
                    (true, _) => {}
                    (false, true) => return Truth::False,
                    (false, false) => whole = Truth::Unknown,
                }
                (holds, is_known) = (false, true);
            }
        }
        whole
    }

    pub(crate) fn strength(&self, slots: &[f64]) -> f64 {
        let (mut clause, mut whole) = (0.0, 1.0);
        for side in &self.sides {
            let strength = side.strength(side.value(slots));
            clause = if strength > clause { strength } else { clause };
            if side.is_last {
                whole = if clause < whole { clause } else { whole };
                clause = 0.0;
            }
        }
        whole
    }

    pub(crate) fn within(&self, low: &[f64], high: &[f64]) -> Reach {
        let (mut clause, mut whole) = (Reach::Never, Reach::Always);
        for side in &self.sides {
            match side.within(side.value(low), side.value(high)) {
                Reach::Always => clause = Reach::Always,
                Reach::Sometimes if clause == Reach::Never => clause = Reach::Sometimes,
                Reach::Sometimes | Reach::Never => {}
            }
            if side.is_last {
                match std::mem::replace(&mut clause, Reach::Never) {
                    Reach::Never => return Reach::Never,
                    Reach::Sometimes => whole = Reach::Sometimes,
                    Reach::Always => {}
                }
            }
        }
        whole
    }

    /// At which values a slot is on the other side of a bar than just below them.
    pub(crate) fn bars(&self) -> impl Iterator<Item = (Slot, f64)> {
        let bars = |side: &Side| [(side.slot, side.low), (side.slot, side.high.next_up())];
        self.sides.iter().flat_map(bars).filter(|(_, bar)| bar.is_finite())
    }
}

impl Side {
    /// Of a slot; unknown if there is none.
    #[inline]
    fn value(&self, slots: &[f64]) -> f64 {
        slots.get(self.slot.index()).copied().unwrap_or(f64::NAN)
    }

    #[inline]
    fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    #[inline]
    fn strength(&self, value: f64) -> f64 {
        let strength = 0.5 + self.direction * (value - self.bar) / self.width;
        // What is unknown counts for nothing; what has overflowed is no longer near the bar.
        if strength.is_nan() { f64::from(self.holds(value)) } else { strength.clamp(0.0, 1.0) }
    }

    fn within(&self, low: f64, high: f64) -> Reach {
        if self.low <= low && high <= self.high && low <= high {
            Reach::Always
        } else if low <= self.high && self.low <= high && low <= high {
            Reach::Sometimes
        } else {
            Reach::Never
        }
    }

    fn compare(nodes: &[Node], compare: Compare) -> Option<Self> {
        let (slot, bar, is_reversed) = match (nodes[compare.left.index()], nodes[compare.right.index()]) {
            (Node::Slot(slot), Node::Number(bar) | Node::Span(bar)) => (slot, bar, false),
            (Node::Number(bar) | Node::Span(bar), Node::Slot(slot)) => (slot, bar, true),
            _ => return None,
        };
        let comparison = if is_reversed { compare.comparison.reversed() } else { compare.comparison };
        let (low, high) = match comparison {
            Comparison::Less => (f64::NEG_INFINITY, bar.next_down()),
            Comparison::LessOrEqual => (f64::NEG_INFINITY, bar),
            Comparison::Greater => (bar.next_up(), f64::INFINITY),
            Comparison::GreaterOrEqual => (bar, f64::INFINITY),
            Comparison::Equal | Comparison::NotEqual => return None,
        };
        let direction = if comparison.is_upward() { -1.0 } else { 1.0 };
        Some(Self { slot, low, high, bar, direction, width: 2.0 * strength::far(compare.scale, bar), is_last: false })
    }

    /// That a flag is so. It is 0 or 1, and so is how strongly it holds.
    fn flag(slot: Slot, flag: bool) -> Self {
        let (low, high, direction) = if flag { (0.5, f64::INFINITY, 1.0) } else { (f64::NEG_INFINITY, 0.5, -1.0) };
        Self { slot, low, high, bar: 0.5, direction, width: f64::MIN_POSITIVE, is_last: false }
    }
}

/// Adds the clauses of the node `at`; none where it is not plain.
fn gather_clauses(nodes: &[Node], at: At, sides: &mut Vec<Side>) -> Option<()> {
    if let Node::And(left, right) | Node::Chain(left, right) = nodes[at.index()] {
        gather_clauses(nodes, left, sides)?;
        return gather_clauses(nodes, right, sides);
    }
    gather_sides(nodes, at, sides)?;
    sides.last_mut()?.is_last = true;
    Some(())
}

/// Adds the sides of the node `at` to the last clause; none where it is not plain.
fn gather_sides(nodes: &[Node], at: At, sides: &mut Vec<Side>) -> Option<()> {
    match nodes[at.index()] {
        Node::Or(left, right) => {
            gather_sides(nodes, left, sides)?;
            return gather_sides(nodes, right, sides);
        }
        Node::Compare(compare) => sides.push(Side::compare(nodes, compare)?),
        Node::Slot(slot) => sides.push(Side::flag(slot, true)),
        Node::Not(inner) => match nodes[inner.index()] {
            Node::Slot(slot) => sides.push(Side::flag(slot, false)),
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}
