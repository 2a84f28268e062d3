//! What must be so at a moment, and how what is differs from it.

use std::time::Duration;

use yaml_file::Place;

use crate::item::Item;
use crate::key::Key;

/// What must be so at a moment.
#[derive(Debug)]
pub struct Expectation {
    /// Since the story's start.
    pub at: Duration,
    /// Whether `at` is a deadline: it may be so earlier.
    pub is_deadline: bool,
    /// Where it is written.
    pub place: Place,
    /// All of this.
    pub checks: Vec<Check>,
}

/// One key of an expectation.
#[derive(Debug)]
pub struct Check {
    /// Which.
    pub key: Key,
    /// What must be.
    pub expected: Vec<Item>,
}

/// What was expected and what was, where they differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Of what.
    pub key: Key,
    /// What must have been.
    pub expected: Vec<String>,
    /// What was.
    pub was: Vec<String>,
    /// Of the expected ones, those that were not.
    pub missing: Vec<String>,
    /// Those that were and were not expected.
    pub surplus: Vec<String>,
}

impl Check {
    /// How `actual` differs from what is expected, if it does.
    pub fn difference(&self, mut actual: Vec<Item>) -> Option<Difference> {
        if self.key.is_partial() {
            actual.retain(|item| self.expected.iter().any(|expected| expected.name == item.name));
        }
        let pairs = paired(&self.expected, &actual);
        let missing = (0..self.expected.len()).filter(|index| !pairs.contains(&Some(*index)));
        let missing: Vec<_> = missing.map(|index| self.expected[index].to_string()).collect();
        let unmatched: Vec<_> = actual.iter().zip(&pairs).filter(|(_, pair)| pair.is_none()).collect();
        let is_same = missing.is_empty() && unmatched.is_empty();
        (!is_same).then(|| Difference {
            key: self.key,
            expected: self.expected.iter().map(Item::to_string).collect(),
            was: actual.iter().map(|item| self.told(item)).collect(),
            missing,
            surplus: unmatched.iter().map(|(item, _)| self.told(item)).collect(),
        })
    }

    /// What was, with as much detail as is expected of its name.
    fn told(&self, item: &Item) -> String {
        match self.expected.iter().find(|expected| expected.name == item.name) {
            Some(expected) => item.as_far_as(expected).to_string(),
            None => item.to_string(),
        }
    }
}

/// For each of `actual` the place of the expected item that it meets, so that as many as can be are met: one that says
/// little must not take what another one needs.
fn paired(expected: &[Item], actual: &[Item]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; actual.len()];
    for index in 0..expected.len() {
        let _is_met = pair(index, expected, actual, &mut pairs, &mut vec![false; actual.len()]);
    }
    pairs
}

/// Finds one for an expected item; one that is taken becomes free where its present holder finds another.
fn pair(index: usize, expected: &[Item], actual: &[Item], pairs: &mut [Option<usize>], asked: &mut [bool]) -> bool {
    for place in 0..actual.len() {
        if expected[index].is_met_by(&actual[place]) && !std::mem::replace(&mut asked[place], true) {
            let is_free = match pairs[place] {
                None => true,
                Some(holder) => pair(holder, expected, actual, pairs, asked),
            };
            if is_free {
                pairs[place] = Some(index);
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Detail;

    fn item(name: &str, step: Option<&str>, to: Option<&str>) -> Item {
        let item = step.into_iter().fold(Item::new(name), |item, step| item.with(Detail::Step, step));
        to.into_iter().fold(item, |item, to| item.with(Detail::To, to))
    }

    #[test]
    fn who_asks_for_less_does_not_take_what_another_one_needs() {
        let stale = |step| item("stale", step, None);
        assert_eq!(paired(&[stale(None), stale(Some("2"))], &[stale(Some("2")), stale(Some("1"))]), [Some(1), Some(0)]);
        // Neither asks for more than the other, and only one way fits.
        let expected = [item("a", Some("1"), None), item("a", None, Some("SRE"))];
        let actual = [item("a", Some("1"), Some("SRE")), item("a", Some("1"), Some("PM"))];
        assert_eq!(paired(&expected, &actual), [Some(1), Some(0)]);
        assert_eq!(paired(&[stale(Some("3")), stale(None)], &[stale(Some("2"))]), [Some(1)]);
    }
}
