//! Which kinds of values go together.

use super::{Parser, Part};
use crate::evaluate::Values;
use crate::node::{Arithmetic, At, Compare, Comparison, Node, Scale};
use crate::{Kind, Mistake, Range, check, duration};

/// Longest excerpt of the condition in a message, in characters.
const EXCERPT: usize = 40;

impl Parser<'_> {
    /// An `and` or an `or`.
    pub(super) fn join(&mut self, node: fn(At, At) -> Node, left: Part, right: Part) -> Result<Part, Mistake> {
        self.needs_flag(left)?;
        self.needs_flag(right)?;
        self.both(node(left.at, right.at), Kind::Flag, left, right)
    }

    pub(super) fn compare(&mut self, left: Part, comparison: Comparison, right: Part) -> Result<Part, Mistake> {
        match (left.kind, right.kind) {
            (Kind::Number, Kind::Span) => return Err(self.unit_missing(left, right)),
            (Kind::Span, Kind::Number) => return Err(self.unit_missing(right, left)),
            (Kind::Flag, Kind::Flag) if !comparison.is_ordering() => {}
            _ => {
                self.needs_quantity(left)?;
                self.needs_quantity(right)?;
            }
        }
        let place = left.place.to(right.place);
        if left.is_constant && right.is_constant {
            let message = format!("{} compares two constants", self.excerpt(left, right));
            return Err(Mistake::new(place, message).hint("one side needs a name, as in `clarity > 0.7`"));
        }
        let scale = match left.kind {
            Kind::Span => Scale::Span,
            _ if left.has_unit || right.has_unit => Scale::Unit,
            _ => Scale::Number,
        };
        let compare = Compare { comparison, left: left.at, right: right.at, scale, bar_is_left: left.is_constant };
        let part = self.both(Node::Compare(compare), Kind::Flag, left, right)?;
        if let Some(message) = check::alone(&self.nodes, self.vocabulary, part.at) {
            let known: Vec<String> = [left, right].into_iter().filter_map(|side| self.known_range(side)).collect();
            let mistake = Mistake::new(place, message);
            return Err(if known.is_empty() { mistake } else { mistake.hint(known.join(", ")) });
        }
        Ok(part)
    }

    /// `before` ends with the operand that `link` begins with.
    pub(super) fn chain(
        &mut self,
        before: Part,
        direction: Comparison,
        link: Part,
        comparison: Comparison,
    ) -> Result<Part, Mistake> {
        let place = before.place.to(link.place);
        let goes_on = direction.is_ordering() && comparison.is_ordering();
        if !goes_on || direction.is_upward() != comparison.is_upward() {
            let hint = format!("write `{} and {}`", self.written(before.place), self.written(link.place));
            return Err(Mistake::new(place, "only `<` and `<=`, or `>` and `>=`, can follow each other").hint(hint));
        }
        let part = self.both(Node::Chain(before.at, link.at), Kind::Flag, before, link)?;
        check::together(&self.nodes, self.vocabulary, part.at, place)?;
        Ok(part)
    }

    pub(super) fn arithmetic(&mut self, arithmetic: Arithmetic, left: Part, right: Part) -> Result<Part, Mistake> {
        use {Arithmetic as A, Kind as K};
        self.needs_quantity(left)?;
        self.needs_quantity(right)?;
        let place = left.place.to(right.place);
        let kind = match (left.kind, arithmetic, right.kind) {
            (K::Span, A::Add | A::Subtract, K::Number) => return Err(self.unit_missing(right, left)),
            (K::Number, A::Add | A::Subtract, K::Span) => return Err(self.unit_missing(left, right)),
            (K::Span, A::Multiply, K::Span) => {
                return Err(Mistake::new(place, "two times cannot be multiplied"));
            }
            (K::Number, A::Divide, K::Span) => {
                let mistake = Mistake::new(place, "a number cannot be divided by a time");
                return Err(mistake.hint("a time divided by a time is a number: `stagnation_duration / 5m`"));
            }
            (K::Span, A::Divide, K::Span) => Kind::Number,
            (K::Span, _, _) | (_, _, K::Span) => Kind::Span,
            _ => Kind::Number,
        };
        let divisor = Values { nodes: &self.nodes, slots: &[] }.get(right.at);
        if arithmetic == Arithmetic::Divide && right.is_constant && divisor == 0.0 {
            return Err(Mistake::new(place, "this divides by zero"));
        }
        self.both(Node::Arithmetic(arithmetic, left.at, right.at), kind, left, right)
    }

    pub(super) fn needs_flag(&self, part: Part) -> Result<(), Mistake> {
        let example = match part.kind {
            Kind::Flag => return Ok(()),
            Kind::Number => "0.5",
            Kind::Span => "5m",
        };
        let excerpt = self.excerpt(part, part);
        let message = format!("{excerpt} is {}; here something must hold or not", part.kind.a());
        Err(Mistake::new(part.place, message).hint(format!("compare it with something, as in `… > {example}`")))
    }

    pub(super) fn needs_quantity(&self, part: Part) -> Result<(), Mistake> {
        if part.kind != Kind::Flag {
            return Ok(());
        }
        let excerpt = self.excerpt(part, part);
        let hint = match self.nodes[part.at.index()] {
            Node::Slot(_) => format!("a flag stands alone: {excerpt} or `not {}`", self.written(part.place)),
            _ => "flags are joined by `and` and `or`, compared by `==` and `!=`".to_owned(),
        };
        Err(Mistake::new(part.place, format!("{excerpt} is a flag; here a number or a time is needed")).hint(hint))
    }

    /// A number is where a time is needed, because of the time beside it.
    fn unit_missing(&self, number: Part, time: Part) -> Mistake {
        let (excerpt, beside) = (self.excerpt(number, number), self.excerpt(time, time));
        let hint = match self.nodes[number.at.index()] {
            Node::Number(number) if number.fract() == 0.0 => {
                format!("write {number}s for seconds, {number}m for minutes")
            }
            Node::Number(_) => "times are like 5m or 1h30m".to_owned(),
            _ if time.is_constant => "write a number without a unit there".to_owned(),
            _ => "a time divided by a time is a number: `stagnation_duration / 1s`".to_owned(),
        };
        Mistake::new(number.place, format!("{excerpt} is a number, {beside} is a time")).hint(hint)
    }

    /// For a hint: between which bounds a side lies that is no constant.
    fn known_range(&self, side: Part) -> Option<String> {
        let excerpt = self.excerpt(side, side);
        let Range { low, high } = check::range(&self.nodes, self.vocabulary, side.at);
        let written = |bound: f64| match side.kind {
            Kind::Span if bound >= 0.0 => duration::write(bound),
            Kind::Span => format!("-{}", duration::write(bound)),
            _ => (bound + 0.0).to_string(),
        };
        match (low.is_finite(), high.is_finite()) {
            _ if side.is_constant => None,
            (true, true) => Some(format!("{excerpt} lies between {} and {}", written(low), written(high))),
            (true, false) => Some(format!("{excerpt} is at least {}", written(low))),
            (false, true) => Some(format!("{excerpt} is at most {}", written(high))),
            (false, false) => None,
        }
    }

    fn both(&mut self, node: Node, kind: Kind, left: Part, right: Part) -> Result<Part, Mistake> {
        let place = left.place.to(right.place);
        Ok(Part {
            at: self.push(node, place)?,
            kind,
            place,
            is_constant: left.is_constant && right.is_constant,
            has_unit: left.has_unit || right.has_unit,
        })
    }

    /// What was written from one part to another, if it is short enough to be repeated.
    fn excerpt(&self, from: Part, to: Part) -> String {
        let place = from.place.to(to.place);
        if place.end - place.start > EXCERPT { "this".to_owned() } else { format!("`{}`", self.written(place)) }
    }
}
