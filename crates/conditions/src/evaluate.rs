use crate::Slot;
use crate::node::{At, Node, root};

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Too little is known to tell.
    Unknown,
}

impl Truth {
    /// What a value says that stands for a flag.
    #[inline]
    pub(crate) fn of(value: f64) -> Self {
        if value.is_nan() {
            Self::Unknown
        } else if value == 0.0 {
            Self::False
        } else {
            Self::True
        }
    }
}

/// The values of nodes over the values of slots. What is unknown is NaN, flags are 1 and 0, times are seconds.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) nodes: &'a [Node],
    pub(crate) slots: &'a [f64],
}

impl Values<'_> {
    #[inline]
    pub(crate) fn whole(&self) -> f64 {
        self.get(root(self.nodes))
    }

    pub(crate) fn truth(&self, at: At) -> Truth {
        Truth::of(self.get(at))
    }

    /// Of one node. Leaves, the operands of most comparisons, cost no call.
    #[inline]
    pub(crate) fn get(&self, at: At) -> f64 {
        match self.nodes[at.index()] {
            Node::Slot(slot) => self.slot(slot),
            Node::Number(value) | Node::Span(value) => value,
            node => self.compute(node),
        }
    }

    /// Of a slot; unknown if there is none.
    #[inline]
    pub(crate) fn slot(&self, slot: Slot) -> f64 {
        self.slots.get(slot.index()).copied().unwrap_or(f64::NAN)
    }

    fn compute(&self, node: Node) -> f64 {
        match node {
            Node::Compare(compare) => {
                let (left, right) = (self.get(compare.left), self.get(compare.right));
                if left.is_nan() || right.is_nan() {
                    return f64::NAN;
                }
                f64::from(compare.comparison.holds(left, right))
            }
            Node::And(left, right) | Node::Chain(left, right) => {
                let left = self.get(left);
                if left == 0.0 {
                    return 0.0;
                }
                // The left is 1 or NaN here: unless the right is 0, the product is 1, or unknown if one of them is.
                let right = self.get(right);
                if right == 0.0 { 0.0 } else { left * right }
            }
            Node::Or(left, right) => {
                let left = self.get(left);
                if left == 1.0 {
                    return 1.0;
                }
                let right = self.get(right);
                // Of 0 and NaN, the sum is unknown if one of them is.
                if right == 1.0 { 1.0 } else { left + right }
            }
            Node::Not(inner) => 1.0 - self.get(inner),
            Node::Negate(inner) => -self.get(inner),
            Node::Arithmetic(arithmetic, left, right) => arithmetic.of(self.get(left), self.get(right)),
            Node::Flag(flag) => f64::from(flag),
            Node::Number(value) | Node::Span(value) => value,
            Node::Slot(slot) => self.slot(slot),
        }
    }
}
