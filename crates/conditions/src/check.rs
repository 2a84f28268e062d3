//! What a condition is refused for although it is spelled well.

use crate::evaluate::Values;
use crate::node::{At, Node};
use crate::reach::{Interval, Region};
use crate::token::Place;
use crate::{Kind, Mistake, Range, Reach, Slot, Vocabulary};

/// Most pieces into which the values of names are cut; beyond it no contradiction is looked for.
const MOST_PIECES: usize = 4_096;

/// Why a comparison is refused: it comes out the same for all values of its names.
pub(crate) fn alone(nodes: &[Node], vocabulary: &Vocabulary, comparison: At) -> Option<&'static str> {
    let (low, high) = bounds(vocabulary);
    verdict(Region { nodes, low: &low, high: &high }.reach(comparison))
}

/// Which values a part can have.
pub(crate) fn range(nodes: &[Node], vocabulary: &Vocabulary, at: At) -> Range {
    let (low, high) = bounds(vocabulary);
    let Interval { low, high, .. } = Region { nodes, low: &low, high: &high }.interval(at);
    Range { low, high }
}

/// That a chain or a whole condition does not come out the same for all values of its names.
pub(crate) fn together(nodes: &[Node], vocabulary: &Vocabulary, at: At, place: Place) -> Result<(), Mistake> {
    let reach = reach(nodes, vocabulary, at);
    let Some(message) = verdict(reach) else { return Ok(()) };
    let hint = if reach == Reach::Never { "its parts contradict each other" } else { "its parts leave no values out" };
    Err(Mistake::new(place, message).hint(hint))
}

fn verdict(reach: Reach) -> Option<&'static str> {
    match reach {
        Reach::Always => Some("this always holds"),
        Reach::Never => Some("this can never hold"),
        Reach::Sometimes => None,
    }
}

/// For how many of all possible values a part holds. Sees through contradictions such as `pain > 0.6 and pain < 0.4`.
///
/// A name that is compared with constants is cut there into pieces, a flag into false and true. Within a piece every
/// such comparison comes out the same, so going through all pieces of all names leaves nothing out.
fn reach(nodes: &[Node], vocabulary: &Vocabulary, at: At) -> Reach {
    let cuts = Cuts::of(nodes, vocabulary, at);
    let count = cuts.0.iter().try_fold(1_usize, |count, (_, pieces)| count.checked_mul(pieces.len()));
    if count.is_none_or(|count| count > MOST_PIECES) {
        return Reach::Sometimes;
    }
    let (mut low, mut high) = bounds(vocabulary);
    let mut all = None;
    for mut turn in 0..count.unwrap_or(0) {
        for (slot, pieces) in &cuts.0 {
            (low[slot.index()], high[slot.index()]) = pieces[turn % pieces.len()];
            turn /= pieces.len();
        }
        let here = Region { nodes, low: &low, high: &high }.reach(at);
        if here == Reach::Sometimes || *all.get_or_insert(here) != here {
            return Reach::Sometimes;
        }
    }
    all.unwrap_or(Reach::Sometimes)
}

fn bounds(vocabulary: &Vocabulary) -> (Vec<f64>, Vec<f64>) {
    vocabulary.ranges().map(|range| (range.low, range.high)).unzip()
}

/// Names, and the pieces of their values.
struct Cuts(Vec<(Slot, Vec<(f64, f64)>)>);

impl Cuts {
    fn of(nodes: &[Node], vocabulary: &Vocabulary, at: At) -> Self {
        let mut constants: Vec<(Slot, f64)> = Vec::new();
        collect(nodes, vocabulary, at, &mut constants);
        constants.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        constants.dedup();
        let by_slot = constants.chunk_by(|a, b| a.0 == b.0);
        Self(by_slot.map(|group| (group[0].0, pieces(vocabulary, group))).collect())
    }
}

/// Where names are to be cut, below a node.
fn collect(nodes: &[Node], vocabulary: &Vocabulary, at: At, constants: &mut Vec<(Slot, f64)>) {
    match nodes[at.index()] {
        Node::Slot(slot) if vocabulary.kind(slot) == Kind::Flag => constants.extend([(slot, 0.0), (slot, 1.0)]),
        Node::Compare(compare) => {
            // Over no slots at all, what depends on one is unknown.
            let constant = |at| Values { nodes, slots: &[] }.get(at);
            match (nodes[compare.left.index()], nodes[compare.right.index()]) {
                (Node::Slot(slot), _) if !constant(compare.right).is_nan() => {
                    constants.push((slot, constant(compare.right)));
                }
                (_, Node::Slot(slot)) if !constant(compare.left).is_nan() => {
                    constants.push((slot, constant(compare.left)));
                }
                _ => {}
            }
        }
        _ => {}
    }
    for operand in nodes[at.index()].operands().into_iter().flatten() {
        collect(nodes, vocabulary, operand, constants);
    }
}

fn pieces(vocabulary: &Vocabulary, cuts: &[(Slot, f64)]) -> Vec<(f64, f64)> {
    let slot = cuts[0].0;
    if vocabulary.kind(slot) == Kind::Flag {
        return vec![(0.0, 0.0), (1.0, 1.0)];
    }
    let Range { low, high } = vocabulary.range(slot);
    let mut pieces = Vec::new();
    let mut from = low;
    for (_, cut) in cuts.iter().filter(|(_, cut)| low <= *cut && *cut <= high) {
        if from < *cut {
            pieces.push((from, cut.next_down()));
        }
        pieces.push((*cut, *cut));
        from = cut.next_up();
    }
    if from <= high {
        pieces.push((from, high));
    }
    pieces
}
