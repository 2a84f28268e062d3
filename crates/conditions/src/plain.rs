//! The form of most conditions: values before or beyond bars, joined by `and` alone or by `or` alone. It says the same as
//! the tree of nodes, without walking it: an engine asks some fifty conditions of every sample.

use crate::node::{At, Compare, Comparison, Node, root};
use crate::strength;
use crate::{Reach, Slot, Truth};

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plain {
    joint: Joint,
    sides: Box<[Side]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    And,
    Or,
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
}

impl Plain {
    /// The plain form of a tree, if it has one.
    pub(crate) fn of(nodes: &[Node]) -> Option<Self> {
        let joint = if matches!(nodes[root(nodes).index()], Node::Or(..)) { Joint::Or } else { Joint::And };
        let mut sides = Vec::new();
        gather(nodes, root(nodes), joint, &mut sides)?;
        Some(Self { joint, sides: sides.into() })
    }

    #[inline]
    pub(crate) fn holds(&self, slots: &[f64]) -> bool {
        // What is unknown is neither before nor beyond a bar.
        match self.joint {
            Joint::And => self.sides.iter().all(|side| side.holds(side.value(slots))),
            Joint::Or => self.sides.iter().any(|side| side.holds(side.value(slots))),
        }
    }

    pub(crate) fn truth(&self, slots: &[f64]) -> Truth {
        let decides = self.joint == Joint::Or;
        let mut is_known = true;
        for side in &self.sides {
            let value = side.value(slots);
            if value.is_nan() {
                is_known = false;
            } else if side.holds(value) == decides {
                return if decides { Truth::True } else { Truth::False };
            }
        }
        match (is_known, decides) {
            (false, _) => Truth::Unknown,
            (true, true) => Truth::False,
            (true, false) => Truth::True,
        }
    }

    pub(crate) fn strength(&self, slots: &[f64]) -> f64 {
        let strengths = self.sides.iter().map(|side| side.strength(side.value(slots)));
        match self.joint {
            Joint::And => strengths.fold(1.0, f64::min),
            Joint::Or => strengths.fold(0.0, f64::max),
        }
    }

    pub(crate) fn within(&self, low: &[f64], high: &[f64]) -> Reach {
        let decides = if self.joint == Joint::Or { Reach::Always } else { Reach::Never };
        let (mut is_always, mut is_never) = (true, true);
        for side in &self.sides {
            let reach = side.within(side.value(low), side.value(high));
            if reach == decides {
                return decides;
            }
            is_always &= reach == Reach::Always;
            is_never &= reach == Reach::Never;
        }
        match (is_always, is_never) {
            (true, _) => Reach::Always,
            (false, true) => Reach::Never,
            (false, false) => Reach::Sometimes,
        }
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
        Some(Self { slot, low, high, bar, direction, width: 2.0 * strength::far(compare.scale, bar) })
    }

    /// That a flag is so. It is 0 or 1, and so is how strongly it holds.
    fn flag(slot: Slot, flag: bool) -> Self {
        let (low, high, direction) = if flag { (0.5, f64::INFINITY, 1.0) } else { (f64::NEG_INFINITY, 0.5, -1.0) };
        Self { slot, low, high, bar: 0.5, direction, width: f64::MIN_POSITIVE }
    }
}

/// Adds the sides of the node `at`; none where it is not plain.
fn gather(nodes: &[Node], at: At, joint: Joint, sides: &mut Vec<Side>) -> Option<()> {
    match (nodes[at.index()], joint) {
        (Node::And(left, right) | Node::Chain(left, right), Joint::And) | (Node::Or(left, right), Joint::Or) => {
            gather(nodes, left, joint, sides)?;
            return gather(nodes, right, joint, sides);
        }
        (Node::Compare(compare), _) => sides.push(Side::compare(nodes, compare)?),
        (Node::Slot(slot), _) => sides.push(Side::flag(slot, true)),
        (Node::Not(inner), _) => match nodes[inner.index()] {
            Node::Slot(slot) => sides.push(Side::flag(slot, false)),
            _ => return None,
        },
        _ => return None,
    }
    Some(())
}
