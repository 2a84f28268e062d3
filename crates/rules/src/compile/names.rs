use std::collections::{BTreeMap, BTreeSet};

use conditions::{Condition, Vocabulary};
use yaml_file::{Complaint, Findings, Scalar};

use crate::rules::{Derived, EngineSlots, Signals};
use crate::written::Formula;

/// The names that conditions may use, while the conditions of all files are read.
#[derive(Debug)]
pub(crate) struct Names {
    pub(super) signals: Signals,
    /// Names whose declaration is wrong: what conditions say of them cannot be judged.
    pub(super) doubtful: BTreeSet<String>,
    /// Whether nothing is known of any name, because the file that declares them cannot be read.
    pub(super) is_blind: bool,
}

impl Names {
    pub(super) fn new(vocabulary: Vocabulary, engine: EngineSlots) -> Self {
        let (derived, produced, titles) = (Vec::new(), Vec::new(), BTreeMap::new());
        let signals = Signals { vocabulary, engine, derived, produced, titles };
        Self { signals, doubtful: BTreeSet::new(), is_blind: false }
    }

    /// Reads a condition; what is wrong with it is told where it stands in the text.
    pub(crate) fn condition(&mut self, written: &Scalar<Formula>, findings: &mut Findings) -> Option<Condition> {
        let Formula(text) = written.read(findings)?;
        if self.is_blind {
            return None;
        }
        match Condition::parse(&text, &mut self.signals.vocabulary) {
            Ok(condition) => Some(condition),
            // One mistake, one finding: that of the declaration is told already.
            Err(_) if words(&text).any(|(_, word)| self.doubtful.contains(word)) => None,
            Err(mistake) => {
                let complaint = Complaint { message: mistake.message, hint: mistake.hint };
                findings.complain_inside(written.place, text, (mistake.start, mistake.length), complaint);
                None
            }
        }
    }

    /// The signals, once all conditions are read: only then all windows are known.
    pub(crate) fn into_signals(self) -> Signals {
        self.signals
    }

    pub(super) fn derive(&mut self, derived: Derived) {
        self.signals.derived.push(derived);
    }
}

/// The words of a condition, each with its place in characters.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let mut rest = text;
    let mut passed = 0;
    std::iter::from_fn(move || {
        let begin = rest.find(is_part)?;
        passed += rest[..begin].chars().count();
        rest = &rest[begin..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        rest = &rest[end..];
        passed += end;
        Some((passed - end, word))
    })
}
